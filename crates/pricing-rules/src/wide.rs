//! Work on many values at once, with the widest vector instructions that the processor has: found out at run time.

/// Does `work`, which is a loop over slices that is small enough to be compiled into its caller.
#[cfg(not(target_arch = "wasm32"))]
#[inline(always)]
pub(crate) fn wide<R>(work: impl FnOnce() -> R) -> R {
    pulp::Arch::new().dispatch(Work(work))
}

#[cfg(target_arch = "wasm32")]
#[inline(always)]
pub(crate) fn wide<R>(work: impl FnOnce() -> R) -> R {
    work()
}

#[cfg(not(target_arch = "wasm32"))]
struct Work<F>(F);

#[cfg(not(target_arch = "wasm32"))]
impl<R, F: FnOnce() -> R> pulp::WithSimd for Work<F> {
    type Output = R;

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _instructions: S) -> R {
        (self.0)()
    }
}
