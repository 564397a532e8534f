/** The BERT-shaped encoder: embeddings, attention, feed-forward, nothing else. */
@org.jspecify.annotations.NullMarked
package ernie4j.engine.encoder;
