/** Puts compiled kernels in the place of others once they are fast and proved right. */
@org.jspecify.annotations.NullMarked
package ernie4j.engine.kernels.warmup;
