/** Task-agnostic distillation: a small encoder learns from a large one and plain text. */
@org.jspecify.annotations.NullMarked
package ernie4j.training.distillation;
