package ernie4j.zoo.huggingface;

import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFileException;
import ernie4j.engine.head.HeadNames;
import ernie4j.engine.head.TaskNames;
import ernie4j.tokenizer.TokenizerOptions;
import ernie4j.zoo.foreign.EncoderAssembly;
import ernie4j.zoo.foreign.ImportedEncoder;
import ernie4j.zoo.foreign.SourceTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model folder of Hugging Face: {@code config.json}, the weights as {@code model.safetensors}, in
 * several files with {@code model.safetensors.index.json}, or as {@code pytorch_model.bin}, and a
 * tokenizer. BERT and ERNIE are read, with the heads of transformers.
 *
 * @param model the model in this project's own terms
 * @param notes what a user should know, in full sentences
 */
public record HuggingFaceModel(Model model, List<String> notes) {
  private static final String CONFIG = "config.json";
  private static final String SAFETENSORS = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";
  private static final String TORCH = "pytorch_model.bin";

  /**
   * How many numbers may be taken for each byte of the weights: tensors can share their numbers in
   * a file, but not so often that a small file makes a large model.
   */
  private static final int NUMBERS_PER_BYTE = 1;

  /** Keeps an unmodifiable copy of the notes. */
  public HuggingFaceModel {
    notes = List.copyOf(notes);
  }

  /** Whether a folder is one of a Hugging Face model. */
  public static boolean isIn(Path folder) {
    return Files.isRegularFile(folder.resolve(CONFIG))
        && (has(folder, SAFETENSORS) || has(folder, INDEX) || has(folder, TORCH));
  }

  private static boolean has(Path folder, String name) {
    return Files.isRegularFile(folder.resolve(name));
  }

  /**
   * Reads a folder.
   *
   * @throws ModelFileException if a file is missing, damaged, a Git LFS pointer or of a model that
   *     the engine cannot compute
   */
  public static HuggingFaceModel read(Path folder) throws IOException {
    LfsPointer.refuse(folder.resolve(CONFIG));
    HuggingFaceConfig config = HuggingFaceConfig.read(folder.resolve(CONFIG));
    ImportedEncoder encoder = weights(folder, config);
    List<String> notes = new ArrayList<>(config.notes());
    notes.addAll(encoder.notes());
    String task = task(config.task(), encoder, notes);
    Map<String, List<String>> labels = checkedLabels(folder, config.labels(), task, encoder);
    boolean words = HuggingFaceTokenizer.isIn(folder);
    if (!words) {
      notes.add("There is no tokenizer in the folder, so the model cannot read text.");
    }
    HuggingFaceTokenizer tokenizer =
        words
            ? HuggingFaceTokenizer.read(folder)
            : new HuggingFaceTokenizer(List.of(), TokenizerOptions.bert(true));
    if (!encoder.missing().isEmpty()) {
      notes.add("not in the file, initialised when a task needs them: " + encoder.missing());
    }
    if (!encoder.ignored().isEmpty()) {
      notes.add("in the file but not part of the model: " + encoder.ignored());
    }
    return new HuggingFaceModel(model(folder, encoder, task, labels, tokenizer), notes);
  }

  private static Model model(
      Path folder,
      ImportedEncoder encoder,
      String task,
      Map<String, List<String>> labels,
      HuggingFaceTokenizer tokenizer)
      throws ModelFileException {
    try {
      return new Model(
          encoder.config(),
          task,
          encoder.parameters(),
          tokenizer.vocabulary(),
          labels,
          tokenizer.options().toMap(),
          Map.of("source", folder.toString()));
    } catch (IllegalArgumentException e) {
      throw new ModelFileException(
          folder.toString(), "weights and tokenizer do not belong together: " + e.getMessage(), e);
    }
  }

  private static ImportedEncoder weights(Path folder, HuggingFaceConfig config) throws IOException {
    if (has(folder, SAFETENSORS)) {
      Path file = folder.resolve(SAFETENSORS);
      return assemble(file, Files.size(file), SafetensorsWeights.read(file), config);
    }
    if (has(folder, INDEX)) {
      // Every file is checked to hold its tensors without an overlap.
      Path index = folder.resolve(INDEX);
      return assemble(index, Long.MAX_VALUE, SafetensorsWeights.readIndex(index), config);
    }
    Path file = folder.resolve(TORCH);
    if (!Files.isRegularFile(file)) {
      throw new ModelFileException(
          folder.toString(),
          "expected %s, %s or %s, found none".formatted(SAFETENSORS, INDEX, TORCH));
    }
    LfsPointer.refuse(file);
    try (TorchFile torch = TorchFile.open(file)) {
      return assemble(file, Files.size(file), torch.tensors(), config);
    }
  }

  private static ImportedEncoder assemble(
      Path file, long bytes, Map<String, SourceTensor> tensors, HuggingFaceConfig config)
      throws IOException {
    Map<String, SourceTensor> named = new LinkedHashMap<>();
    long numbers = 0;
    for (Map.Entry<String, SourceTensor> entry : tensors.entrySet()) {
      String name = entry.getKey();
      if (HuggingFaceNames.isBuffer(name) || isSecondBias(name, tensors)) {
        continue;
      }
      Optional<String> paddle = HuggingFaceNames.parameter(name);
      SourceTensor tensor = entry.getValue();
      numbers += SourceTensor.elements(tensor.shape());
      if (named.put(paddle.orElse(name), paddle(paddle, tensor)) != null) {
        throw new ModelFileException(
            file.toString(), "two tensors are the parameter '%s'".formatted(paddle.orElse(name)));
      }
    }
    if (numbers / NUMBERS_PER_BYTE > bytes) {
      throw new ModelFileException(
          file.toString(),
          "%d bytes hold tensors of %d numbers, shared too often for a model"
              .formatted(bytes, numbers));
    }
    return EncoderAssembly.assemble(file.toString(), named, config.given());
  }

  /** transformers keeps the decoder's bias under two names. */
  private static boolean isSecondBias(String name, Map<String, SourceTensor> tensors) {
    return name.equals("cls.predictions.decoder.bias")
        && tensors.containsKey("cls.predictions.bias");
  }

  private static SourceTensor paddle(Optional<String> name, SourceTensor tensor) {
    boolean linear =
        name.isPresent()
            && name.get().endsWith(".weight")
            && HuggingFaceNames.isLinear(
                name.get().substring(0, name.get().length() - ".weight".length()));
    return linear && tensor.shape().length == 2 ? tensor.transposed() : tensor;
  }

  /** The task, if its head is there. */
  private static String task(String task, ImportedEncoder encoder, List<String> notes) {
    List<String> needed =
        switch (task) {
          case TaskNames.ENCODER -> List.of();
          case TaskNames.JOINT_INTENT_SLOTS ->
              List.of(HeadNames.INTENT_CLASSIFIER, HeadNames.SLOT_CLASSIFIER);
          case TaskNames.MASKED_LM -> List.of(HeadNames.MLM_TRANSFORM);
          default -> List.of(HeadNames.CLASSIFIER);
        };
    for (String head : needed) {
      if (!encoder.parameters().contains(head + ".weight")) {
        notes.add(
            "config.json names the task %s, but its head '%s' could not be read; only the encoder can be used."
                .formatted(task, head));
        return TaskNames.ENCODER;
      }
    }
    return task;
  }

  private static Map<String, List<String>> checkedLabels(
      Path folder, Map<String, List<String>> labels, String task, ImportedEncoder encoder)
      throws ModelFileException {
    List<String> names = labels.get(TaskNames.LABEL);
    if (names == null || task.equals(TaskNames.ENCODER)) {
      return task.equals(TaskNames.ENCODER) ? Map.of() : labels;
    }
    int outputs = encoder.parameters().shape(HeadNames.CLASSIFIER + ".bias")[0];
    if (names.size() != outputs) {
      throw new ModelFileException(
          folder.resolve(CONFIG).toString(),
          "id2label has %d names, but the classifier %d outputs".formatted(names.size(), outputs));
    }
    return labels;
  }
}
