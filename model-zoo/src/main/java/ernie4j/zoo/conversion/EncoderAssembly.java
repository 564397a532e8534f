package ernie4j.zoo.conversion;

import static ernie4j.engine.LayerPart.EXPAND;
import static ernie4j.engine.LayerPart.QUERY;
import static ernie4j.engine.ParameterNames.EMBEDDINGS_NORM;
import static ernie4j.engine.ParameterNames.LAYERS;
import static ernie4j.engine.ParameterNames.POOLER;
import static ernie4j.engine.ParameterNames.POSITION_EMBEDDINGS;
import static ernie4j.engine.ParameterNames.TASK_TYPE_EMBEDDINGS;
import static ernie4j.engine.ParameterNames.TOKEN_TYPE_EMBEDDINGS;
import static ernie4j.engine.ParameterNames.WORD_EMBEDDINGS;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.LayerPart;
import ernie4j.engine.LayerShape;
import ernie4j.engine.file.ModelFileException;
import ernie4j.engine.head.HeadNames;
import ernie4j.engine.head.Task;
import ernie4j.zoo.conversion.ParameterCollector.NamedTensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes an encoder from named tensors: the last step of every importer. Names are Paddle's, with
 * the body's prefix {@code ernie.}, another one or none; linear layers are {@code [in, out]}. Sizes
 * follow from the tensors' shapes and must agree with what else is known.
 */
public final class EncoderAssembly {
  private static final String BODY = "ernie.";

  /**
   * Hidden sizes whose heads do not have 64 columns: ERNIE's nano, and its mini and micro (and
   * MiniLM). A test compares this with the architectures known by name.
   */
  private static final Map<Integer, Integer> HEADS = Map.of(312, 12, 384, 12);

  private final GivenConfig given;
  private final ParameterCollector collector;
  private final List<String> notes = new ArrayList<>();

  private EncoderAssembly(ParameterCollector collector, GivenConfig given) {
    this.given = given;
    this.collector = collector;
  }

  /**
   * Makes an encoder.
   *
   * @param file what messages call the source of the tensors
   * @param tensors the tensors by name, in file order; only those of the encoder and its heads are
   *     read
   * @throws ModelFileException if tensors are missing or their shapes do not make an encoder, or
   *     not the one that is known
   */
  public static ImportedEncoder assemble(
      String file, Map<String, ? extends SourceTensor> tensors, GivenConfig given)
      throws IOException {
    ParameterCollector collector = new ParameterCollector(file, canonical(file, tensors));
    return new EncoderAssembly(collector, given).assemble();
  }

  /** The tensors with the body's names beginning with {@code ernie.}. */
  private static Map<String, NamedTensor> canonical(
      String file, Map<String, ? extends SourceTensor> tensors) throws ModelFileException {
    String word = WORD_EMBEDDINGS.substring(BODY.length());
    List<String> found =
        tensors.keySet().stream()
            .filter(name -> name.equals(word) || name.endsWith("." + word))
            .toList();
    if (found.size() != 1) {
      throw new ModelFileException(
          file,
          "not the parameters of one ERNIE encoder: expected one tensor named [prefix.]%s, got %s; its tensors begin with %s"
              .formatted(word, found, tensors.keySet().stream().limit(4).toList()));
    }
    String prefix = found.get(0).substring(0, found.get(0).length() - word.length());
    Map<String, NamedTensor> canonical = new LinkedHashMap<>();
    for (Map.Entry<String, ? extends SourceTensor> entry : tensors.entrySet()) {
      String name = entry.getKey();
      String rest = name.startsWith(prefix) ? name.substring(prefix.length()) : "";
      boolean body =
          rest.startsWith("embeddings.")
              || rest.startsWith("encoder.")
              || rest.startsWith("pooler.");
      NamedTensor before =
          canonical.put(body ? BODY + rest : name, new NamedTensor(name, entry.getValue()));
      if (before != null) {
        throw new ModelFileException(
            file, "the tensors %s and %s are the same parameter".formatted(before.name(), name));
      }
    }
    return canonical;
  }

  private ImportedEncoder assemble() throws IOException {
    if (!given.activation().equals("gelu")) {
      throw new ModelFileException(
          given.file(),
          "hidden_act: expected gelu, the only activation that the engine knows, got "
              + given.activation());
    }
    EncoderConfig config = config();
    int hidden = config.hiddenSize();
    collector.table(WORD_EMBEDDINGS, config.vocabularySize(), hidden);
    collector.table(POSITION_EMBEDDINGS, config.maxPositions(), hidden);
    collector.table(TOKEN_TYPE_EMBEDDINGS, config.tokenTypes(), hidden);
    if (config.taskTypes() > 0) {
      collector.table(TASK_TYPE_EMBEDDINGS, config.taskTypes(), hidden);
    }
    collector.norm(EMBEDDINGS_NORM, hidden);
    for (int i = 0; i < config.layers(); i++) {
      takeLayer(i, config);
    }
    takeHeads(config);
    return new ImportedEncoder(
        config, collector.parameters(), collector.missing(), collector.ignored(), notes);
  }

  private EncoderConfig config() throws IOException {
    int[] word = collector.matrix(WORD_EMBEDDINGS);
    int hidden = word[1];
    int layers = layers();
    int tasks = taskTypes();
    int heads = given.attentionHeads().orElseGet(() -> usualHeads(hidden));
    if (heads < 1 || hidden % heads != 0) {
      throw new ModelFileException(
          given.file(),
          "num_attention_heads %d does not divide the hidden size %d".formatted(heads, hidden));
    }
    int positions = collector.matrix(POSITION_EMBEDDINGS)[0];
    int types = collector.matrix(TOKEN_TYPE_EMBEDDINGS)[0];
    int words = given.sizes().getOrDefault("vocab_size", word[0]);
    if (words != word[0] && given.hasTokens(word[0])) {
      notes.add(
          "%s says vocab_size %d, but word embedding and vocabulary both have %d, which are used: a pruned model."
              .formatted(given.file(), words, word[0]));
    } else {
      agree("vocab_size", word[0]);
    }
    agree("hidden_size", hidden);
    agree("num_hidden_layers", layers);
    agree("max_position_embeddings", positions);
    agree("type_vocab_size", types);
    agree("sent_type_vocab_size", types);
    if (tasks > 0) {
      agree("task_type_vocab_size", tasks);
    }
    try {
      return EncoderConfig.builder()
          .vocabularySize(word[0])
          .hiddenSize(hidden)
          .layers(layers)
          .attentionHeads(heads)
          .intermediateSize(intermediate(layers, hidden))
          .maxPositions(positions)
          .tokenTypes(types)
          .taskTypes(tasks)
          .layerNormEpsilon(given.layerNormEpsilon())
          .paddingId(given.paddingId())
          .zeroPaddingEmbedding(given.zeroPaddingEmbedding())
          .build();
    } catch (IllegalArgumentException e) {
      throw collector.failure("the sizes do not make an encoder: " + e.getMessage());
    }
  }

  private int usualHeads(int hidden) {
    int heads = HEADS.getOrDefault(hidden, Math.max(1, hidden / 64));
    notes.add(
        "The number of attention heads is not known; for the hidden size %d it was assumed to be %d. If that is wrong, so are all answers: convert with a config.json that has num_attention_heads."
            .formatted(hidden, heads));
    return heads;
  }

  private void agree(String key, int found) throws ModelFileException {
    int expected = given.sizes().getOrDefault(key, found);
    if (expected != found) {
      throw collector.failure(
          "%s: %s says %d, but the tensors have %d".formatted(key, given.file(), expected, found));
    }
  }

  private int layers() {
    int layers = 1;
    for (String name : collector.names()) {
      int end = name.startsWith(LAYERS) ? name.indexOf('.', LAYERS.length()) : -1;
      String index = end < 0 ? "" : name.substring(LAYERS.length(), end);
      if (index.matches("\\d{1,3}")) {
        layers = Math.max(layers, 1 + Integer.parseInt(index));
      }
    }
    return layers;
  }

  /** A table that is expected but absent adds nothing, as a table of zeros would. */
  private int taskTypes() throws ModelFileException {
    boolean there = collector.contains(TASK_TYPE_EMBEDDINGS);
    if (!there && given.usesTaskTypes().orElse(false)) {
      notes.add(
          "%s asks for a task type embedding and the file has none; it was assumed to be zero."
              .formatted(given.file()));
    }
    return there && given.usesTaskTypes().orElse(true)
        ? collector.matrix(TASK_TYPE_EMBEDDINGS)[0]
        : 0;
  }

  /** The width of an unpruned feed-forward layer: as known, or else that of the widest layer. */
  private int intermediate(int layers, int hidden) throws ModelFileException {
    int widest = 0;
    boolean pruned = false;
    for (int i = 0; i < layers; i++) {
      widest = Math.max(widest, collector.matrix(EXPAND.weight(i))[1]);
      pruned |= collector.matrix(QUERY.weight(i))[1] < hidden;
    }
    int known = given.sizes().getOrDefault("intermediate_size", widest);
    if (!pruned || known < widest) {
      agree("intermediate_size", widest);
    }
    return known;
  }

  private void takeLayer(int index, EncoderConfig config) throws IOException {
    int hidden = config.hiddenSize();
    // Width pruning leaves fewer heads and neurons in some layers.
    int width = collector.matrix(QUERY.weight(index))[1];
    int neurons = collector.matrix(EXPAND.weight(index))[1];
    if (width % config.headSize() != 0 || width > hidden) {
      throw collector.failure(
          "layer %d: queries have %d columns, expected a multiple of the head size %d, at most %d; is num_attention_heads %d right?"
              .formatted(index, width, config.headSize(), hidden, config.attentionHeads()));
    }
    LayerShape shape = new LayerShape(hidden, width, neurons);
    for (LayerPart part : LayerPart.values()) {
      if (part.isLinear()) {
        collector.linear(part.module(index), shape.size(part.in()), shape.size(part.out()));
      } else {
        collector.norm(part.module(index), hidden);
      }
    }
  }

  private void takeHeads(EncoderConfig config) throws IOException {
    int hidden = config.hiddenSize();
    if (collector.completeOrMissing(List.of(POOLER + ".weight", POOLER + ".bias"), true)) {
      collector.linear(POOLER, hidden, hidden);
    }
    Set<String> heads = Task.allLayers();
    heads.add(HeadNames.SEQUENCE_RELATIONSHIP);
    heads.remove(HeadNames.MLM_TRANSFORM);
    for (String head : heads) {
      if (collector.completeOrMissing(List.of(head + ".weight", head + ".bias"), false)) {
        collector.linear(head, hidden, collector.matrix(head + ".weight")[1]);
      }
    }
    takeLanguageModelHead(hidden, config.vocabularySize());
  }

  /** The head of pre-training, whose decoder must be the word embedding as in the reference. */
  private void takeLanguageModelHead(int hidden, int vocabulary) throws IOException {
    List<String> names =
        List.of(
            HeadNames.MLM_TRANSFORM + ".weight",
            HeadNames.MLM_TRANSFORM + ".bias",
            HeadNames.MLM_NORM + ".weight",
            HeadNames.MLM_NORM + ".bias",
            HeadNames.MLM_DECODER_BIAS);
    if (!collector.completeOrMissing(names, false)) {
      return;
    }
    if (!collector.isCopyIfThere("cls.predictions.decoder_weight", WORD_EMBEDDINGS)) {
      notes.add(
          "The decoder of the masked language model is not the word embedding, as the engine needs it; its head was left out.");
      return;
    }
    collector.linear(HeadNames.MLM_TRANSFORM, hidden, hidden);
    collector.norm(HeadNames.MLM_NORM, hidden);
    collector.vector(HeadNames.MLM_DECODER_BIAS, vocabulary);
  }
}
