package ernie4j.zoo;

import ernie4j.engine.file.Model;
import ernie4j.zoo.conversion.FlatFolder;
import ernie4j.zoo.huggingface.HuggingFaceExport;
import ernie4j.zoo.huggingface.HuggingFaceTokenizer;
import ernie4j.zoo.onnx.OnnxExport;
import ernie4j.zoo.paddle.PaddleFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes models for other frameworks, the opposite of {@link ModelImport}. */
public final class ModelExport {
  private ModelExport() {}

  /** What to write; each fills a folder. */
  public enum Format {
    /** {@code model.onnx} of standard operations, float or int8 as the model is. */
    ONNX,
    /** {@code model.safetensors} for transformers. */
    HUGGINGFACE,
    /** {@code model_state.pdparams} for PaddleNLP. */
    PADDLENLP,
    /** {@code model.pdmodel} and {@code model.pdiparams} for Paddle Inference. */
    PADDLE_INFERENCE
  }

  /**
   * Writes a model with its tokenizer's files.
   *
   * @param folder a new or empty folder
   * @return what is not as in the model, in full sentences
   * @throws IOException if the folder holds something, or writing fails
   * @throws IllegalArgumentException if the format has no place for a part of the model
   */
  public static List<String> write(Model model, Format format, Path folder) throws IOException {
    FlatFolder.requireNewOrEmpty(folder);
    return switch (format) {
      case HUGGINGFACE -> HuggingFaceExport.write(folder, model);
      case PADDLENLP -> PaddleFolder.write(model, folder);
      case ONNX -> {
        Files.createDirectories(folder);
        OnnxExport.write(folder.resolve("model.onnx"), model);
        yield HuggingFaceTokenizer.write(folder, model);
      }
      case PADDLE_INFERENCE -> PaddleFolder.writeInference(model, folder);
    };
  }
}
