/** The trainable forms of the models, over a tape; a test holds them equal to the engine's. */
@org.jspecify.annotations.NullMarked
package ernie4j.training.model;
