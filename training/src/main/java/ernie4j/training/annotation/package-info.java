/**
 * Conversion of annotations to the examples that an extractor learns from: prompts with their
 * answers, and prompts that a text does not answer.
 */
@org.jspecify.annotations.NullMarked
package ernie4j.training.annotation;
