//! Work over numbered chunks: on all cores natively, in order on one thread in wasm. The results come back in the
//! order of the chunks, so that nothing depends on the number of threads. Small work stays on the calling thread:
//! waking another one costs more.

/// Below this many elements a sort stays on the calling thread.
#[cfg(not(target_arch = "wasm32"))]
const SMALL: usize = 8192;

/// Runs `work` for 0‥`count` and returns the results in that order.
pub(crate) fn map_chunks<R: Send>(count: usize, work: impl Fn(usize) -> R + Sync + Send) -> Vec<R> {
    #[cfg(not(target_arch = "wasm32"))]
    if count > 1 {
        use rayon::iter::{IntoParallelIterator, ParallelIterator};
        return (0..count).into_par_iter().map(work).collect();
    }
    (0..count).map(work).collect()
}

/// The same with room that is made once for each thread, or a few times, and handed on from chunk to chunk.
pub(crate) fn map_chunks_with<R: Send, T>(
    count: usize,
    room: impl Fn() -> T + Sync + Send,
    work: impl Fn(&mut T, usize) -> R + Sync + Send,
) -> Vec<R> {
    #[cfg(not(target_arch = "wasm32"))]
    if count > 1 {
        use rayon::iter::{IntoParallelIterator, ParallelIterator};
        return (0..count).into_par_iter().map_init(room, work).collect();
    }
    let mut room = room();
    (0..count).map(|chunk| work(&mut room, chunk)).collect()
}

/// How many threads work side by side.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn threads() -> usize {
    rayon::current_num_threads()
}

#[cfg(target_arch = "wasm32")]
pub(crate) const fn threads() -> usize {
    1
}

/// Folds 0‥`count` into a few results, each over numbers that follow each other, in the order of the numbers.
pub(crate) fn fold_chunks<R: Send>(
    count: usize,
    start: impl Fn() -> R + Sync + Send,
    work: impl Fn(R, usize) -> R + Sync + Send,
) -> Vec<R> {
    #[cfg(not(target_arch = "wasm32"))]
    if count > 1 && threads() > 1 {
        use rayon::iter::{IntoParallelIterator, ParallelIterator};
        return (0..count).into_par_iter().fold(start, work).collect();
    }
    vec![(0..count).fold(start(), work)]
}

/// Sorts by the order of `T`; equal elements must be indistinguishable.
pub(crate) fn sort_unstable<T: Ord + Send>(items: &mut [T]) {
    #[cfg(not(target_arch = "wasm32"))]
    if items.len() > SMALL {
        return rayon::slice::ParallelSliceMut::par_sort_unstable(items);
    }
    items.sort_unstable();
}

/// Sorts by a comparison that calls no two elements equal.
pub(crate) fn sort_unstable_by<T: Send>(items: &mut [T], compare: impl Fn(&T, &T) -> std::cmp::Ordering + Sync) {
    #[cfg(not(target_arch = "wasm32"))]
    if items.len() > SMALL {
        return rayon::slice::ParallelSliceMut::par_sort_unstable_by(items, compare);
    }
    items.sort_unstable_by(compare);
}
