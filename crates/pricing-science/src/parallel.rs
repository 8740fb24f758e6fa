//! Work over numbered parts: on all cores natively, in order on one thread in wasm. The results come back in the order
//! of the parts, so that nothing depends on the number of threads.

/// Runs `work` for 0‥`count` and returns the results in that order.
pub(crate) fn map_parts<R: Send>(count: usize, work: impl Fn(usize) -> R + Sync + Send) -> Vec<R> {
    #[cfg(not(target_arch = "wasm32"))]
    if count > 1 {
        use rayon::iter::{IntoParallelIterator, ParallelIterator};
        return (0..count).into_par_iter().map(work).collect();
    }
    (0..count).map(work).collect()
}

/// Runs `work` on every element, each with its place.
pub(crate) fn for_each_mut<T: Send>(items: &mut [T], work: impl Fn(usize, &mut T) + Sync + Send) {
    #[cfg(not(target_arch = "wasm32"))]
    if items.len() > 1 {
        use rayon::iter::{IndexedParallelIterator, IntoParallelRefMutIterator, ParallelIterator};
        return items.par_iter_mut().enumerate().for_each(|(place, item)| work(place, item));
    }
    items.iter_mut().enumerate().for_each(|(place, item)| work(place, item));
}
