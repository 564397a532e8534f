/** The BERT-shaped encoder: embeddings, attention, feed-forward layers, and nothing else. */
@org.jspecify.annotations.NullMarked
package ernie4j.engine.encoder;
