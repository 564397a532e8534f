/**
 * What people have annotated, made into what an extractor learns from: prompts with their answers,
 * and prompts that a text holds no answer to.
 */
@org.jspecify.annotations.NullMarked
package ernie4j.training.annotation;
