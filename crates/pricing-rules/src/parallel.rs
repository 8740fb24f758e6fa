//! Work over numbered chunks: on all cores natively, in order on one thread in wasm. The results come back in the
//! order of the chunks, so that nothing depends on the number of threads.

/// Runs `work` for 0‥`count` and returns the results in that order.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn map_chunks<R: Send>(count: usize, work: impl Fn(usize) -> R + Sync + Send) -> Vec<R> {
    use rayon::iter::{IntoParallelIterator, ParallelIterator};
    (0..count).into_par_iter().map(work).collect()
}

/// Runs `work` for 0‥`count` and returns the results in that order.
#[cfg(target_arch = "wasm32")]
pub(crate) fn map_chunks<R: Send>(count: usize, work: impl Fn(usize) -> R + Sync + Send) -> Vec<R> {
    (0..count).map(work).collect()
}

/// Sorts by the order of `T`; equal elements must be indistinguishable.
pub(crate) fn sort_unstable<T: Ord + Send>(items: &mut [T]) {
    #[cfg(not(target_arch = "wasm32"))]
    rayon::slice::ParallelSliceMut::par_sort_unstable(items);
    #[cfg(target_arch = "wasm32")]
    items.sort_unstable();
}

/// Sorts by a comparison that calls no two elements equal.
pub(crate) fn sort_unstable_by<T: Send>(items: &mut [T], compare: impl Fn(&T, &T) -> std::cmp::Ordering + Sync) {
    #[cfg(not(target_arch = "wasm32"))]
    rayon::slice::ParallelSliceMut::par_sort_unstable_by(items, compare);
    #[cfg(target_arch = "wasm32")]
    items.sort_unstable_by(compare);
}
