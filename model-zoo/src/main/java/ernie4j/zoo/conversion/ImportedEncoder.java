package ernie4j.zoo.conversion;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterStore;
import java.util.List;

/**
 * An encoder read from another framework's file.
 *
 * @param config its shape
 * @param parameters the body under its Paddle names, and pooler and heads if the file has them
 * @param missing the Paddle names of optional parameters that the file does not have: the pooler's,
 *     and those without which a head is of no use
 * @param ignored the file's tensors that are not part of the encoder, in file order
 * @param notes what had to be assumed, in full sentences
 */
public record ImportedEncoder(
    EncoderConfig config,
    ParameterStore parameters,
    List<String> missing,
    List<String> ignored,
    List<String> notes) {

  /** Keeps unmodifiable copies of the lists. */
  public ImportedEncoder {
    missing = List.copyOf(missing);
    ignored = List.copyOf(ignored);
    notes = List.copyOf(notes);
  }
}
