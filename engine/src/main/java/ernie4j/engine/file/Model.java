package ernie4j.engine.file;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.head.Task;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The content of one model file. Lists and maps are unmodifiable copies; the maps are sorted by
 * key, so that equal models give equal files.
 *
 * <p>The parameter store is shared, not copied: models are {@code equal} only if they share it.
 *
 * @param config the shape of the encoder
 * @param task what the parameters can do, for example {@code encoder} (no head) or {@code
 *     joint-intent-slots}: the name of a {@link Task}, or of a task that a newer version knows
 * @param parameters the weights by their Paddle names, {@code [in, out]}
 * @param vocabulary the token of each id; shorter than {@code config.vocabularySize()} if the
 *     embedding has spare rows (ERNIE 3.0: 39,979 tokens, 40,000 rows), empty if the model has no
 *     tokenizer
 * @param labels the label names of each output in the order of its logits, for example under {@code
 *     intent} and {@code slot}
 * @param tokenizerOptions options of the tokenizer, for example {@code lower_case}
 * @param options how answers are read, for example {@code threshold}; {@link Task#options} lists
 *     those of a task
 * @param provenance where the model comes from: source, licence, accuracy, command ...; free text
 */
public record Model(
    EncoderConfig config,
    String task,
    ParameterSource parameters,
    List<String> vocabulary,
    Map<String, List<String>> labels,
    Map<String, String> tokenizerOptions,
    Map<String, String> options,
    Map<String, String> provenance) {

  /**
   * Copies the lists and maps.
   *
   * @throws IllegalArgumentException if there are more tokens than rows in the word embedding
   */
  public Model {
    vocabulary = List.copyOf(vocabulary);
    if (vocabulary.size() > config.vocabularySize()) {
      throw new IllegalArgumentException(
          String.format(
              "Model: the vocabulary has %d tokens, but the word embedding has only %d rows",
              vocabulary.size(), config.vocabularySize()));
    }
    TreeMap<String, List<String>> sortedLabels = new TreeMap<>(labels);
    sortedLabels.replaceAll((output, names) -> List.copyOf(names));
    labels = Collections.unmodifiableMap(sortedLabels);
    tokenizerOptions = Collections.unmodifiableMap(new TreeMap<>(tokenizerOptions));
    options = Collections.unmodifiableMap(new TreeMap<>(options));
    provenance = Collections.unmodifiableMap(new TreeMap<>(provenance));
  }

  /**
   * Makes a model without options.
   *
   * @param config the shape of the encoder
   * @param task the name of the task
   * @param parameters the weights by their Paddle names; shared, not copied
   * @param vocabulary the token of each id; may be empty
   * @param labels the label names of each output
   * @param tokenizerOptions options of the tokenizer
   * @param provenance where the model comes from
   * @throws IllegalArgumentException if there are more tokens than rows in the word embedding
   */
  public Model(
      EncoderConfig config,
      String task,
      ParameterSource parameters,
      List<String> vocabulary,
      Map<String, List<String>> labels,
      Map<String, String> tokenizerOptions,
      Map<String, String> provenance) {
    this(config, task, parameters, vocabulary, labels, tokenizerOptions, Map.of(), provenance);
  }

  /**
   * Makes an encoder without head, vocabulary and labels.
   *
   * @param config the shape of the encoder
   * @param parameters the weights by their Paddle names; shared, not copied
   * @return the model
   */
  public static Model encoder(EncoderConfig config, ParameterSource parameters) {
    return new Model(
        config, Task.ENCODER.id(), parameters, List.of(), Map.of(), Map.of(), Map.of());
  }

  /**
   * Returns this model with another shape and other weights, for example after pruning.
   *
   * @param newConfig the new shape of the encoder
   * @param newParameters the new weights; shared, not copied
   * @return the new model
   * @throws IllegalArgumentException if there are more tokens than rows in the word embedding
   */
  public Model withParameters(EncoderConfig newConfig, ParameterSource newParameters) {
    return new Model(
        newConfig, task, newParameters, vocabulary, labels, tokenizerOptions, options, provenance);
  }

  /**
   * Returns this model for another task, without options.
   *
   * @param newTask the new task
   * @param newLabels the label names of each output of the new head
   * @return the new model
   */
  public Model withTask(Task newTask, Map<String, List<String>> newLabels) {
    return withTask(newTask.id(), newLabels);
  }

  /**
   * Returns this model for another task, which this version may not know, without options.
   *
   * @param newTask the name of the new task
   * @param newLabels the label names of each output of the new head
   * @return the new model
   */
  public Model withTask(String newTask, Map<String, List<String>> newLabels) {
    return new Model(
        config, newTask, parameters, vocabulary, newLabels, tokenizerOptions, provenance);
  }

  /**
   * Returns this model with another vocabulary and other weights, for example after pruning words.
   *
   * @param newConfig the new shape of the encoder
   * @param newParameters the new weights; shared, not copied
   * @param newVocabulary the token of each id
   * @return the new model
   * @throws IllegalArgumentException if there are more tokens than rows in the word embedding
   */
  public Model withVocabulary(
      EncoderConfig newConfig, ParameterSource newParameters, List<String> newVocabulary) {
    return new Model(
        newConfig,
        task,
        newParameters,
        newVocabulary,
        labels,
        tokenizerOptions,
        options,
        provenance);
  }

  /**
   * Returns this model with other options.
   *
   * @param newOptions replaces all options
   * @return the new model
   */
  public Model withOptions(Map<String, String> newOptions) {
    return new Model(
        config, task, parameters, vocabulary, labels, tokenizerOptions, newOptions, provenance);
  }

  /**
   * Returns this model with one more, or one changed, option.
   *
   * @param key the name of the option, for example {@code threshold}
   * @param value its value
   * @return the new model
   */
  public Model withOption(String key, String value) {
    return withOptions(with(options, key, value));
  }

  /**
   * Returns this model without some options.
   *
   * @param keys the names of the options; those that the model does not have are ignored
   * @return the new model
   */
  public Model withoutOptions(String... keys) {
    Map<String, String> rest = new TreeMap<>(options);
    rest.keySet().removeAll(List.of(keys));
    return withOptions(rest);
  }

  /**
   * Returns this model with one more, or one changed, line of provenance.
   *
   * @param key the key of the line, for example {@code source}
   * @param value the text
   * @return the new model
   */
  public Model withProvenance(String key, String value) {
    return new Model(
        config,
        task,
        parameters,
        vocabulary,
        labels,
        tokenizerOptions,
        options,
        with(provenance, key, value));
  }

  private static Map<String, String> with(Map<String, String> lines, String key, String value) {
    Map<String, String> extended = new TreeMap<>(lines);
    extended.put(key, value);
    return extended;
  }
}
