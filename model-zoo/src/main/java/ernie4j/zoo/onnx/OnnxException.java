package ernie4j.zoo.onnx;

import java.io.IOException;

/**
 * An ONNX file is damaged, hostile, or holds something else than a BERT-shaped encoder; the message
 * names the file and says what is wrong.
 */
public final class OnnxException extends IOException {
  private static final long serialVersionUID = 1;

  /** The message reads "file: problem". */
  OnnxException(String file, String problem) {
    super(file + ": " + problem);
  }
}
