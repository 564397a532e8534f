package ernie4j.zoo.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFileException;
import ernie4j.engine.head.HeadNames;
import ernie4j.engine.head.HeadOptions;
import ernie4j.engine.head.SentenceEmbedding;
import ernie4j.zoo.conversion.ImportedModel;
import ernie4j.zoo.conversion.JsonFile;
import ernie4j.zoo.conversion.SourceTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The modules that sentence-transformers puts after an encoder: {@code modules.json} names pooling,
 * perhaps a dense layer, perhaps normalization, each with its own folder; {@code
 * config_sentence_transformers.json} has the prefixes of texts, {@code sentence_bert_config.json}
 * how long they may be. A module that is not supported is an error, because without it all vectors
 * would be wrong.
 */
public final class SentenceModules {
  private static final String MODULES = "modules.json";
  private static final String POOLING = "1_Pooling";
  private static final String MODE = "pooling_mode_";

  /** The modes of pooling that are computed here, as their keys end. */
  private static final Map<String, SentenceEmbedding> MODES =
      Map.of(
          "cls_token", SentenceEmbedding.CLS,
          "mean_tokens", SentenceEmbedding.MEAN,
          "max_tokens", SentenceEmbedding.MAX);

  /** Other names of {@code passage_prefix}. */
  private static final List<String> PASSAGES = List.of("passage", "document", "corpus");

  private final Path folder;
  private final Map<String, String> options = new TreeMap<>();
  private final Map<String, Tensor> parameters = new TreeMap<>();
  private final List<String> notes = new ArrayList<>();
  private boolean hasPrefixes = true;
  private boolean wantsLowerCase;

  private SentenceModules(Path folder) {
    this.folder = folder;
  }

  /** A module of modules.json: the last part of its class, and its folder. */
  private record Module(String type, Path folder) {}

  /**
   * Adds to a model what the files beside its weights say about it; returns the model itself if
   * there are none.
   *
   * @param near the folder with the weights, or one below or above it
   * @throws ModelFileException if a file is damaged or names something that is not computed here
   */
  public static ImportedModel complete(ImportedModel imported, Path near) throws IOException {
    Optional<Path> folder = folder(near);
    if (folder.isEmpty()) {
      return imported;
    }
    SentenceModules modules = new SentenceModules(folder.get());
    modules.read(imported.model().config().hiddenSize());
    return modules.complete(imported);
  }

  /** The folder of the modules: that of the weights, or the one above, as for onnx/model.onnx. */
  private static Optional<Path> folder(Path near) {
    Path here = near.toAbsolutePath().normalize();
    for (Path folder = here; folder != null; folder = folder.getParent()) {
      if (Files.isRegularFile(folder.resolve(MODULES)) || Files.isRegularFile(pooling(folder))) {
        return Optional.of(folder);
      }
      if (!folder.equals(here)) {
        break;
      }
    }
    return Optional.empty();
  }

  private static Path pooling(Path folder) {
    return folder.resolve(POOLING).resolve("config.json");
  }

  private ImportedModel complete(ImportedModel imported) {
    Model model = imported.model();
    Map<String, String> all = new TreeMap<>(options);
    all.putAll(model.options()); // The statements of our own exports take precedence.
    if (!parameters.isEmpty()) {
      ParameterStore store = ParameterStore.copyOf(model.parameters());
      parameters.forEach(store::put);
      model = model.withParameters(model.config(), store);
    }
    List<String> allNotes = new ArrayList<>(imported.notes());
    allNotes.addAll(notes);
    if (wantsLowerCase && !"true".equals(model.tokenizerOptions().get("lower_case"))) {
      // sentence-transformers does this before the tokenizer, which would also strip accents.
      allNotes.add(
          "sentence_bert_config.json says do_lower_case, but the tokenizer does not do it: give the"
              + " model texts in lower case.");
    }
    return new ImportedModel(model.withOptions(all), allNotes);
  }

  private void read(int hidden) throws IOException {
    List<Module> modules = modules();
    if (modules.isEmpty()) {
      pool(folder.resolve(POOLING), hidden);
    } else {
      modules(modules, hidden);
    }
    prompts();
    maxLength(modules.isEmpty() ? folder : modules.get(0).folder());
  }

  private List<Module> modules() throws IOException {
    List<Module> modules = new ArrayList<>();
    Path file = folder.resolve(MODULES);
    if (!Files.isRegularFile(file)) {
      return modules;
    }
    LfsPointer.refuse(file);
    for (JsonNode node : JsonFile.readList(file)) {
      String type = node.path("type").asText("");
      String path = node.path("path").asText("");
      if (!path.matches("[A-Za-z0-9_.-]*") || path.equals("..")) {
        throw failure(file, "path: expected a folder in the same folder, got '" + path + "'");
      }
      modules.add(new Module(type.substring(type.lastIndexOf('.') + 1), folder.resolve(path)));
    }
    return modules;
  }

  private void modules(List<Module> modules, int hidden) throws IOException {
    List<String> types = modules.stream().map(Module::type).toList();
    // Dropout changes nothing outside of training.
    String order = String.join(" ", types.stream().filter(t -> !t.equals("Dropout")).toList());
    if (!order.matches("Transformer Pooling( Dense)?( Normalize)?")) {
      throw failure(
          folder.resolve(MODULES),
          "expected the modules Transformer, Pooling, then Dense or not, Normalize or not, got %s; others are not computed here, and without them all vectors would be wrong"
              .formatted(types));
    }
    options.put(HeadOptions.NORMALIZE, Boolean.toString(types.contains("Normalize")));
    for (Module module : modules) {
      if (module.type().equals("Pooling")) {
        pool(module.folder(), hidden);
      } else if (module.type().equals("Dense")) {
        dense(module.folder(), hidden);
      }
    }
  }

  private void pool(Path module, int hidden) throws IOException {
    Path file = module.resolve("config.json");
    JsonNode config = JsonFile.read(file);
    int size = config.path("word_embedding_dimension").asInt(hidden);
    if (size != hidden) {
      throw failure(
          file,
          "word_embedding_dimension: expected the hidden size %d, got %d".formatted(hidden, size));
    }
    List<String> modes = new ArrayList<>();
    boolean any = false;
    for (Map.Entry<String, JsonNode> entry : config.properties()) {
      if (entry.getKey().startsWith(MODE)) {
        any = true;
        if (entry.getValue().asBoolean(false)) {
          modes.add(entry.getKey().substring(MODE.length()));
        }
      }
    }
    if (!any) {
      modes.add(config.path("pooling_mode").asText("mean") + "_tokens");
      modes.replaceAll(mode -> mode.equals("cls_tokens") ? "cls_token" : mode);
    }
    SentenceEmbedding pooling = modes.size() == 1 ? MODES.get(modes.get(0)) : null;
    if (pooling == null) {
      throw failure(
          file,
          "expected one of %s, got %s; no other pooling is computed here"
              .formatted(MODES.keySet().stream().sorted().toList(), modes));
    }
    options.put(HeadOptions.POOLING, pooling.id());
    if (!config.path("include_prompt").asBoolean(true)) {
      notes.add(
          "The model leaves the prefix of a text out of the pooling, which is not computed here;"
              + " its prefixes were left out.");
      hasPrefixes = false;
    }
  }

  private void dense(Path module, int hidden) throws IOException {
    Path file = module.resolve("config.json");
    JsonNode config = JsonFile.read(file);
    String name = config.path("activation_function").asText("Tanh");
    String activation = name.substring(name.lastIndexOf('.') + 1);
    switch (activation) {
      case "Tanh" -> options.put(HeadOptions.DENSE_ACTIVATION, HeadOptions.TANH);
      case "Identity" -> options.put(HeadOptions.DENSE_ACTIVATION, HeadOptions.IDENTITY);
      default ->
          throw failure(file, "activation_function: expected Tanh or Identity, got " + activation);
    }
    Path safetensors = module.resolve("model.safetensors");
    Path torch = module.resolve("pytorch_model.bin");
    if (Files.isRegularFile(safetensors)) {
      dense(safetensors, SafetensorsWeights.read(safetensors), hidden);
    } else if (Files.isRegularFile(torch)) {
      LfsPointer.refuse(torch);
      try (TorchFile opened = TorchFile.open(torch)) {
        dense(torch, opened.tensors(), hidden);
      }
    } else {
      throw failure(module, "expected model.safetensors or pytorch_model.bin, found neither");
    }
  }

  private void dense(Path file, Map<String, SourceTensor> tensors, int hidden) throws IOException {
    SourceTensor weight = tensors.get("linear.weight");
    int[] shape = weight == null ? new int[0] : weight.shape();
    if (weight == null || shape.length != 2 || shape[0] < 1 || shape[1] != hidden) {
      throw failure(
          file,
          "linear.weight: expected a matrix of %d columns, got %s"
              .formatted(hidden, weight == null ? "nothing" : Arrays.toString(shape)));
    }
    requireFloats(file, "linear.weight", weight);
    if (SourceTensor.elements(shape) > Files.size(file)) {
      throw failure(file, "linear.weight: more numbers than the file has bytes");
    }
    Tensor bias = Tensor.zeros(shape[0]);
    SourceTensor given = tensors.get("linear.bias");
    if (given != null) {
      requireFloats(file, "linear.bias", given);
      if (!Arrays.equals(given.shape(), new int[] {shape[0]})) {
        throw failure(file, "linear.bias: expected %d numbers".formatted(shape[0]));
      }
      bias = Tensor.of(given.floats(), shape[0]);
    }
    SourceTensor turned = weight.transposed();
    parameters.put(
        HeadNames.EMBEDDING_DENSE + ".weight", Tensor.of(turned.floats(), turned.shape()));
    parameters.put(HeadNames.EMBEDDING_DENSE + ".bias", bias);
  }

  private static void requireFloats(Path file, String name, SourceTensor tensor)
      throws ModelFileException {
    if (!tensor.type().isFloating()) {
      throw failure(file, name + ": expected floating-point numbers, got " + tensor.type());
    }
  }

  /** Reads the prefixes of texts. */
  private void prompts() throws IOException {
    Path file = folder.resolve("config_sentence_transformers.json");
    if (!hasPrefixes || !Files.isRegularFile(file)) {
      return;
    }
    JsonNode config = JsonFile.read(file);
    Map<String, String> prompts = JsonFile.texts(config.path("prompts"));
    put(HeadOptions.QUERY_PREFIX, prompts.getOrDefault("query", ""));
    for (String name : PASSAGES) {
      put(HeadOptions.PASSAGE_PREFIX, prompts.getOrDefault(name, ""));
    }
    JsonNode usual = config.path("default_prompt_name");
    put(HeadOptions.TEXT_PREFIX, prompts.getOrDefault(usual.asText(""), ""));
  }

  private void put(String option, String prefix) {
    if (!prefix.isEmpty()) {
      options.put(option, prefix);
    }
  }

  private void maxLength(Path transformer) throws IOException {
    Path file = transformer.resolve("sentence_bert_config.json");
    if (Files.isRegularFile(file)) {
      JsonNode settings = JsonFile.read(file);
      wantsLowerCase = settings.path("do_lower_case").asBoolean();
      int tokens = settings.path("max_seq_length").asInt(0);
      if (tokens >= 4) {
        options.put(HeadOptions.MAX_LENGTH, Integer.toString(tokens));
      }
    }
  }

  private static ModelFileException failure(Path file, String problem) {
    return new ModelFileException(file.toString(), problem);
  }
}
