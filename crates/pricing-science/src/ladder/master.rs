//! The master problem of column generation: the best mixture of points under a few bounds, by the revised simplex method
//! with a dense basis. Its duals are the multipliers.

/// A point to mix: its value, and how much room it leaves in each bound (negative: it exceeds it).
struct Column {
    value: f64,
    room: Vec<f64>,
    /// 1 for points, whose shares sum to one; 0 for slack and for penalties.
    share: f64,
}

/// `max Σ αₖ valueₖ` with `Σ αₖ roomₖ ≥ 0`, `Σ αₖ = 1`, `α ≥ 0`, and penalties for exceeding a bound.
pub(super) struct Master {
    columns: Vec<Column>,
    basis: Vec<usize>,
    size: usize,
}

/// What the mixture says.
pub(super) struct Mixture {
    /// Its value: no smaller bound exists for the points known.
    pub value: f64,
    /// The multipliers.
    pub multipliers: Vec<f64>,
    /// How much of the bounds is exceeded, at a penalty.
    pub exceeded: f64,
}

impl Master {
    /// Begins with one point; exceeding bound `r` by one unit costs `penalties[r]`.
    pub fn new(value: f64, room: Vec<f64>, penalties: &[f64]) -> Master {
        let size = penalties.len();
        let unit = |place: usize, amount: f64| (0..size).map(|at| if at == place { amount } else { 0.0 }).collect();
        let mut columns: Vec<Column> =
            (0..size).map(|r| Column { value: 0.0, room: unit(r, -1.0), share: 0.0 }).collect();
        columns.extend((0..size).map(|r| Column { value: -penalties[r], room: unit(r, 1.0), share: 0.0 }));
        let mut basis: Vec<usize> = (0..size).map(|r| if room[r] >= 0.0 { r } else { size + r }).collect();
        basis.push(columns.len());
        columns.push(Column { value, room, share: 1.0 });
        Master { columns, basis, size }
    }

    /// Adds a point.
    pub fn add(&mut self, value: f64, room: Vec<f64>) {
        self.columns.push(Column { value, room, share: 1.0 });
    }

    /// Pivots to the optimum.
    pub fn solve(&mut self) -> Mixture {
        const MOST_PIVOTS: usize = 500;
        const ENOUGH: f64 = 1e-11;
        for pivot in 0..MOST_PIVOTS {
            let Some(inverse) = self.inverse() else { break };
            let duals = self.duals(&inverse);
            let scale = 1.0 + duals[self.size].abs();
            let gain = |column: &Column| column.value - self.priced(column, &duals);
            let entering = if pivot < MOST_PIVOTS / 2 {
                (0..self.columns.len()).max_by(|a, b| gain(&self.columns[*a]).total_cmp(&gain(&self.columns[*b])))
            } else {
                // Bland's rule ends cycles.
                (0..self.columns.len()).find(|place| gain(&self.columns[*place]) > ENOUGH * scale)
            };
            let Some(entering) = entering.filter(|place| gain(&self.columns[*place]) > ENOUGH * scale) else { break };
            let direction = times(&inverse, &self.vector(entering));
            let shares = times(&inverse, &self.right_side());
            let leaving = (0..=self.size).filter(|&row| direction[row] > 1e-12).min_by(|&a, &b| {
                let ratio = |row: usize| shares[row].max(0.0) / direction[row];
                ratio(a).total_cmp(&ratio(b)).then(self.basis[a].cmp(&self.basis[b]))
            });
            let Some(leaving) = leaving else { break };
            self.basis[leaving] = entering;
        }
        self.mixture()
    }

    fn mixture(&self) -> Mixture {
        let Some(inverse) = self.inverse() else {
            return Mixture { value: f64::INFINITY, multipliers: vec![0.0; self.size], exceeded: 0.0 };
        };
        let duals = self.duals(&inverse);
        let shares = times(&inverse, &self.right_side());
        let is_penalty = |place: usize| (self.size..2 * self.size).contains(&place);
        let exceeded =
            self.basis.iter().zip(&shares).filter(|(place, _)| is_penalty(**place)).map(|(_, share)| share).sum();
        let value = self.basis.iter().zip(&shares).map(|(place, share)| self.columns[*place].value * share).sum();
        Mixture { value, multipliers: duals[..self.size].iter().map(|dual| (-dual).max(0.0)).collect(), exceeded }
    }

    fn priced(&self, column: &Column, duals: &[f64]) -> f64 {
        let room: f64 = column.room.iter().zip(duals).map(|(room, dual)| room * dual).sum();
        room + column.share * duals[self.size]
    }

    fn vector(&self, place: usize) -> Vec<f64> {
        let column = &self.columns[place];
        column.room.iter().copied().chain(std::iter::once(column.share)).collect()
    }

    fn right_side(&self) -> Vec<f64> {
        let mut right = vec![0.0; self.size + 1];
        right[self.size] = 1.0;
        right
    }

    /// Row vector `c_B B⁻¹`.
    fn duals(&self, inverse: &[Vec<f64>]) -> Vec<f64> {
        let values: Vec<f64> = self.basis.iter().map(|place| self.columns[*place].value).collect();
        (0..=self.size).map(|at| values.iter().zip(inverse).map(|(value, row)| value * row[at]).sum()).collect()
    }

    /// The inverse of the basis by Gauss and Jordan; `None` where it is singular.
    fn inverse(&self) -> Option<Vec<Vec<f64>>> {
        let size = self.size + 1;
        let vectors: Vec<Vec<f64>> = self.basis.iter().map(|place| self.vector(*place)).collect();
        let mut left: Vec<Vec<f64>> = (0..size).map(|row| (0..size).map(|at| vectors[at][row]).collect()).collect();
        let mut right: Vec<Vec<f64>> =
            (0..size).map(|row| (0..size).map(|at| if at == row { 1.0 } else { 0.0 }).collect()).collect();
        for at in 0..size {
            let pivot = (at..size).max_by(|a, b| left[*a][at].abs().total_cmp(&left[*b][at].abs()))?;
            if left[pivot][at].abs() < 1e-300 {
                return None;
            }
            left.swap(at, pivot);
            right.swap(at, pivot);
            let scale = 1.0 / left[at][at];
            left[at].iter_mut().chain(right[at].iter_mut()).for_each(|value| *value *= scale);
            let (pivot_left, pivot_right) = (left[at].clone(), right[at].clone());
            for row in (0..size).filter(|row| *row != at) {
                let factor = left[row][at];
                left[row].iter_mut().zip(&pivot_left).for_each(|(value, pivot)| *value -= factor * pivot);
                right[row].iter_mut().zip(&pivot_right).for_each(|(value, pivot)| *value -= factor * pivot);
            }
        }
        Some(right)
    }
}

fn times(matrix: &[Vec<f64>], vector: &[f64]) -> Vec<f64> {
    matrix.iter().map(|row| row.iter().zip(vector).map(|(a, b)| a * b).sum()).collect()
}
