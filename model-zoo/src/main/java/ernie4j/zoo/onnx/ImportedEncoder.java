package ernie4j.zoo.onnx;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterStore;
import java.util.List;

/**
 * An encoder read from an ONNX file.
 *
 * @param config its shape; {@code zeroPaddingEmbedding} is false, as in BERT
 * @param parameters the body under its Paddle names, and pooler and classifier if the file has them
 * @param missing the Paddle names of optional parameters (the pooler's) that the file does not have
 * @param ignored the file's initializers that are not part of the encoder, in file order
 */
public record ImportedEncoder(
    EncoderConfig config, ParameterStore parameters, List<String> missing, List<String> ignored) {

  /** Keeps unmodifiable copies of the lists. */
  public ImportedEncoder {
    missing = List.copyOf(missing);
    ignored = List.copyOf(ignored);
  }
}
