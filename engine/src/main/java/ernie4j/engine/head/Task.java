package ernie4j.engine.head;

import static ernie4j.engine.head.HeadNames.CLASSIFIER;
import static ernie4j.engine.head.HeadOutput.fixed;
import static ernie4j.engine.head.HeadOutput.labelled;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterNames;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The table of heads. A row gives the name of a task in a model file, the parameters of its head
 * and what they compute. Importers, exporters, pipelines and training read the table, so a new head
 * is a new row here.
 */
public enum Task {
  /** No head: hidden states and sentence embeddings. */
  ENCODER("encoder", EmbeddingOptions.KEYS),
  /** A text or a pair has one of several classes. */
  SEQUENCE_CLASSIFICATION(
      "sequence-classification",
      List.of(HeadOptions.TEMPERATURE, HeadOptions.MIN_CONFIDENCE),
      labelled(Task.LABEL, CLASSIFIER, Row.TEXT)),
  /** A text or a pair has any number of labels, each with a probability of its own (sigmoid). */
  MULTI_LABEL_CLASSIFICATION(
      "multi-label-classification",
      List.of(HeadOptions.THRESHOLD, HeadOptions.TEMPERATURE),
      labelled(Task.LABEL, CLASSIFIER, Row.TEXT)),
  /** A text or a pair has one number, for example how well an answer fits a question. */
  SCORING("scoring", List.of(HeadOptions.ACTIVATION), fixed(CLASSIFIER, Row.TEXT, 1)),
  /** Every token has a label, for example B-PER. */
  TOKEN_CLASSIFICATION(
      "token-classification",
      List.of(HeadOptions.CONSTRAINED_TAGS),
      labelled(Task.LABEL, CLASSIFIER, Row.TOKEN)),
  /** The answer to a question is a span of a context: the columns are its start and its end. */
  QUESTION_ANSWERING(
      "question-answering",
      List.of(HeadOptions.NO_ANSWER_THRESHOLD),
      fixed(CLASSIFIER, Row.SPAN_END, 2)),
  /** One of several answers fits best. */
  MULTIPLE_CHOICE("multiple-choice", fixed(CLASSIFIER, Row.CHOICE, 1)),
  /**
   * The pre-training head: which token belongs at a position. Its decoder is the word embedding.
   */
  MASKED_LM("masked-lm"),
  /** An utterance has an intent, and every token a slot label. */
  JOINT_INTENT_SLOTS(
      "joint-intent-slots",
      List.of(
          HeadOptions.CONSTRAINED_TAGS,
          HeadOptions.TEMPERATURE,
          HeadOptions.SLOT_TEMPERATURE,
          HeadOptions.INTENTS_WITHOUT_SLOTS,
          HeadOptions.MIN_CONFIDENCE),
      labelled(Task.INTENT, HeadNames.INTENT_CLASSIFIER, Row.TEXT),
      labelled(Task.SLOT, HeadNames.SLOT_CLASSIFIER, Row.TOKEN)),
  /**
   * Spans of a text that answer a prompt (UIE): for every token, whether a span begins and whether
   * one ends there.
   */
  INFORMATION_EXTRACTION(
      "information-extraction",
      List.of(HeadOptions.THRESHOLD, HeadOptions.SCHEMA_LANGUAGE),
      fixed(HeadNames.SPAN_START, Row.SPAN_EDGE, 1),
      fixed(HeadNames.SPAN_END, Row.SPAN_EDGE, 1));

  /** The key of the labels of a head with one labelled output. */
  public static final String LABEL = "label";

  /** The key of the intents. */
  public static final String INTENT = "intent";

  /** The key of the slot labels. */
  public static final String SLOT = "slot";

  private final String id;

  @SuppressWarnings("ImmutableEnumChecker") // of List.of
  private final List<String> options;

  @SuppressWarnings("ImmutableEnumChecker") // of List.of
  private final List<HeadOutput> outputs;

  Task(String id, HeadOutput... outputs) {
    this(id, List.of(), outputs);
  }

  Task(String id, List<String> options, HeadOutput... outputs) {
    this.id = id;
    this.options = options;
    this.outputs = List.of(outputs);
  }

  /**
   * Looks up a task by name.
   *
   * @param id the name in a model file
   * @return the task; empty if this version does not know it
   */
  public static Optional<Task> find(String id) {
    return Arrays.stream(values()).filter(task -> task.id.equals(id)).findFirst();
  }

  /**
   * Returns the task of a name.
   *
   * @param id the name in a model file
   * @return the task
   * @throws WrongTaskException if this version does not know it
   */
  public static Task of(String id) {
    return find(id)
        .orElseThrow(
            () ->
                new WrongTaskException(
                    String.format(
                        "the task '%s' is unknown; expected one of %s; a newer version may know it",
                        id, Arrays.toString(values()))));
  }

  /** {@return the name in a model file, for example {@code token-classification}} */
  public String id() {
    return id;
  }

  /**
   * Returns the outputs of the head. {@link #MASKED_LM} has none: {@link MaskedLanguageModelHead}
   * computes the rows that are asked for.
   *
   * @return the outputs in their order, unmodifiable
   */
  public List<HeadOutput> outputs() {
    return outputs;
  }

  /**
   * {@return the names of the options of a model that say how its answers are read, see {@link
   * HeadOptions}; unmodifiable}
   */
  public List<String> options() {
    return options;
  }

  /** {@return whether an output reads the pooled output, so that a model needs a pooler} */
  public boolean usesPooler() {
    return outputs.stream().anyMatch(output -> output.row().isPooled());
  }

  /**
   * {@return Paddle's names of the head's linear layers, without that of the pooler; unmodifiable}
   */
  public List<String> layers() {
    return this == MASKED_LM
        ? List.of(HeadNames.MLM_TRANSFORM)
        : List.copyOf(outputs.stream().map(HeadOutput::layer).collect(Collectors.toList()));
  }

  /** {@return Paddle's names of the linear layers of all heads, each once} */
  public static Set<String> allLayers() {
    return Arrays.stream(values())
        .flatMap(task -> task.layers().stream())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /**
   * Lists the parameters of the head with their shapes.
   *
   * @param config the shape of the encoder
   * @param labels the labels of the model by key
   * @return the shapes by parameter name, those of the pooler first if the head needs it
   * @throws WrongTaskException if labels are missing
   */
  public Map<String, int[]> shapes(EncoderConfig config, Map<String, List<String>> labels) {
    Map<String, int[]> shapes = new LinkedHashMap<>();
    int hidden = config.hiddenSize();
    if (usesPooler()) {
      linear(shapes, ParameterNames.POOLER, hidden, hidden);
    }
    for (HeadOutput output : outputs) {
      linear(shapes, output.layer(), hidden, columns(output, labels));
    }
    if (this == MASKED_LM) {
      linear(shapes, HeadNames.MLM_TRANSFORM, hidden, hidden);
      shapes.put(HeadNames.MLM_NORM + ".weight", new int[] {hidden});
      shapes.put(HeadNames.MLM_NORM + ".bias", new int[] {hidden});
      shapes.put(HeadNames.MLM_DECODER_BIAS, new int[] {config.vocabularySize()});
    }
    return shapes;
  }

  private int columns(HeadOutput output, Map<String, List<String>> labels) {
    if (!output.isLabelled()) {
      return output.columns();
    }
    List<String> names = labels.getOrDefault(output.labels(), List.of());
    if (names.isEmpty()) {
      throw new WrongTaskException(
          String.format(
              "%s: expected labels under '%s', got %s", id, output.labels(), labels.keySet()));
    }
    return names.size();
  }

  private static void linear(Map<String, int[]> shapes, String name, int in, int out) {
    shapes.put(name + ".weight", new int[] {in, out});
    shapes.put(name + ".bias", new int[] {out});
  }

  /** {@return the name in a model file} */
  @Override
  public String toString() {
    return id;
  }
}
