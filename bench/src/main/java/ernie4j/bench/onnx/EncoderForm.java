package ernie4j.bench.onnx;

/** A way to write an encoder as operations. */
interface EncoderForm {
  /** What it writes with. */
  GraphParts parts();

  /** The embeddings {@code [batch, length, hidden]} of ids {@code [batch, length]}. */
  String embeddings(String ids);

  /** Layer i of the encoder. */
  String layer(int i, String input);
}
