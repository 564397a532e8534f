/** Trainable forms of the models, on a tape; tests compare them with those of the engine. */
@org.jspecify.annotations.NullMarked
package ernie4j.training.model;
