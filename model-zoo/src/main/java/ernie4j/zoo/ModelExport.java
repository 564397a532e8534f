package ernie4j.zoo;

import ernie4j.engine.ParameterStore;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.HeadNames;
import ernie4j.engine.head.HeadOptions;
import ernie4j.zoo.conversion.FlatFolder;
import ernie4j.zoo.huggingface.HuggingFaceExport;
import ernie4j.zoo.huggingface.HuggingFaceTokenizer;
import ernie4j.zoo.onnx.OnnxExport;
import ernie4j.zoo.paddle.PaddleFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes models for other frameworks, the opposite of {@link ModelImport}. */
public final class ModelExport {
  private ModelExport() {}

  /** The formats; each fills a folder. */
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
   * Writes a model with the files of its tokenizer.
   *
   * @param model the model to write; not changed
   * @param format the framework to write for
   * @param folder a new or empty folder
   * @return what differs from the model, in full sentences; empty if nothing does
   * @throws IOException if the folder is not empty, or writing fails
   * @throws IllegalArgumentException if the format has no place for a part of the model
   */
  public static List<String> write(Model model, Format format, Path folder) throws IOException {
    FlatFolder.requireNewOrEmpty(folder);
    List<String> notes = new ArrayList<>();
    Model encoder = withoutEmbeddingModules(model, notes);
    notes.addAll(writeFiles(encoder, format, folder));
    return notes;
  }

  /** None of the formats can express how sentence vectors are made of hidden states. */
  private static Model withoutEmbeddingModules(Model model, List<String> notes) {
    String pooling = model.options().get(HeadOptions.POOLING);
    if (pooling != null) {
      notes.add(
          "The format does not say how sentence vectors are made: by the pooling %s%s."
              .formatted(
                  pooling,
                  "false".equals(model.options().get(HeadOptions.NORMALIZE))
                      ? ""
                      : " and division by their length"));
    }
    if (!model.parameters().contains(HeadNames.EMBEDDING_DENSE + ".weight")) {
      return model;
    }
    notes.add("The dense layer after the pooling was left out, so sentence vectors differ.");
    ParameterStore store = new ParameterStore();
    model
        .parameters()
        .weights()
        .forEach(
            (name, weight) -> {
              if (!name.startsWith(HeadNames.EMBEDDING_DENSE + ".")) {
                store.put(name, weight.inMemory());
              }
            });
    return model.withParameters(model.config(), store);
  }

  private static List<String> writeFiles(Model model, Format format, Path folder)
      throws IOException {
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
