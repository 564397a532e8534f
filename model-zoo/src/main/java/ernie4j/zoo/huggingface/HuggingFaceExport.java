package ernie4j.zoo.huggingface;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.Tensor;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.SafetensorsWriter;
import ernie4j.engine.head.Task;
import ernie4j.zoo.conversion.ConfigFile;
import ernie4j.zoo.conversion.FlatFolder;
import ernie4j.zoo.conversion.FrameworkHead;
import ernie4j.zoo.conversion.JsonFile;
import ernie4j.zoo.conversion.PlainModel;
import ernie4j.zoo.conversion.SourceTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Writes a model as a folder that transformers reads: {@code config.json}, {@code
 * model.safetensors}, {@code vocab.txt}, {@code tokenizer_config.json}. Linear layers are [out, in]
 * there. A model with ERNIE's zero vector for padding or with task types becomes an ErnieModel,
 * others a BertModel; the head follows from the task.
 */
public final class HuggingFaceExport {
  private HuggingFaceExport() {}

  /**
   * Writes the folder. It appears only once everything in it is written.
   *
   * @param folder a folder that does not exist or is empty
   * @return what differs from the model, in full sentences
   * @throws IOException if the folder is not empty, or writing fails
   * @throws IllegalArgumentException if the model has parameters that Hugging Face has no name for
   */
  public static List<String> write(Path folder, Model model) throws IOException {
    Path target = folder.toAbsolutePath();
    FlatFolder.requireNewOrEmpty(target);
    Path temporary =
        target.resolveSibling(
            "%s.%016x.tmp".formatted(target.getFileName(), ThreadLocalRandom.current().nextLong()));
    Files.createDirectory(temporary);
    try {
      List<String> notes = writeFiles(temporary, model);
      Files.deleteIfExists(target);
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      return notes;
    } finally {
      FlatFolder.deleteIfThere(temporary);
    }
  }

  private static List<String> writeFiles(Path folder, Model model) throws IOException {
    List<String> notes = new ArrayList<>();
    Model plain = PlainModel.unpruned(model, notes);
    EncoderConfig config = plain.config();
    boolean ernie = config.zeroPaddingEmbedding() || config.taskTypes() > 0;
    Task task = Task.of(model.task());
    boolean known = FrameworkHead.of(task).filter(FrameworkHead::isOfTransformers).isPresent();
    if (!known && !task.layers().isEmpty()) {
      notes.add(
          "transformers knows no head for the task %s; it reads the encoder and leaves out %s."
              .formatted(task, String.join(" and ", task.layers())));
    }
    Map<String, Object> json = ConfigFile.content(plain, ernie);
    ScoreActivation.put(json, model.options());
    json.put("torch_dtype", "float32");
    JsonFile.write(folder.resolve(ConfigFile.NAME), json);
    writeWeights(folder.resolve("model.safetensors"), plain, ernie);
    notes.addAll(HuggingFaceTokenizer.write(folder, model));
    return notes;
  }

  private static void writeWeights(Path file, Model model, boolean ernie) throws IOException {
    SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
    Map<String, String> layers =
        FrameworkHead.of(Task.of(model.task())).map(FrameworkHead::torchLayers).orElse(Map.of());
    for (String name : model.parameters().names()) {
      Tensor tensor = model.parameters().get(name);
      String module = name.substring(0, Math.max(0, name.lastIndexOf('.')));
      boolean turn = name.endsWith(".weight") && HuggingFaceNames.isLinear(module);
      writer.add(
          HuggingFaceNames.back(name, ernie ? "ernie." : "bert.", layers),
          turn ? transposed(tensor) : tensor);
    }
    writer.write(file);
  }

  private static Tensor transposed(Tensor matrix) throws IOException {
    SourceTensor turned = SourceTensor.of(matrix).transposed();
    return Tensor.of(turned.floats(), turned.shape());
  }
}
