/**
 * What is computed from the hidden states of an encoder: logits of every task, sentence embeddings.
 * {@link ernie4j.engine.head.Task} is the table of heads; {@link ernie4j.engine.head.Head} computes
 * any of them. A head reads the workspace that {@link ernie4j.engine.encoder.Encoder#forward}
 * filled and returns new arrays.
 */
@org.jspecify.annotations.NullMarked
package ernie4j.engine.head;
