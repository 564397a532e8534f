package ernie4j.pipeline.json;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.pipeline.Extraction;
import ernie4j.pipeline.InformationExtractor;
import ernie4j.pipeline.JointSlu;
import ernie4j.pipeline.MultiLabelClassifier;
import ernie4j.pipeline.QuestionAnswerer;
import ernie4j.pipeline.Score;
import ernie4j.pipeline.Span;
import ernie4j.pipeline.TextClassifier;
import ernie4j.pipeline.TextScorer;
import ernie4j.pipeline.TokenTagger;
import java.util.List;
import java.util.Map;

/**
 * Adds the results of pipelines to JSON objects, under the names that they have in Java. Positions
 * are those of {@link String#substring}: UTF-16 chars, the end exclusive.
 */
public final class ResultJson {
  private static final String TRUNCATED = "truncated";

  private ResultJson() {}

  /**
   * Adds intent, probability, slots and confidence, and whether the answer is refused if it is.
   *
   * @param object the object to add to
   * @param result what {@link JointSlu} understood
   */
  public static void add(ObjectNode object, JointSlu.Result result) {
    object.put("intent", result.intent());
    object.put("probability", result.probability());
    addSpans(object.putArray("slots"), result.slots());
    object.put(TRUNCATED, result.truncated());
    object.put("confidence", result.confidence());
    addRefused(object, result.refused());
  }

  /**
   * Adds the label and the probabilities of all labels.
   *
   * @param object the object to add to
   * @param result the class of a text
   */
  public static void add(ObjectNode object, TextClassifier.Result result) {
    object.put("label", result.label());
    object.put("probability", result.probability());
    addProbabilities(object, result.scores());
    object.put(TRUNCATED, result.truncated());
    addRefused(object, result.refused());
  }

  private static void addRefused(ObjectNode object, boolean refused) {
    if (refused) {
      object.put("refused", true);
    }
  }

  /**
   * Adds the labels that apply and the probabilities of all labels.
   *
   * @param object the object to add to
   * @param result the labels of a text
   */
  public static void add(ObjectNode object, MultiLabelClassifier.Result result) {
    result.labels().forEach(object.putArray("labels")::add);
    addProbabilities(object, result.scores());
    object.put(TRUNCATED, result.truncated());
  }

  /**
   * Adds the score.
   *
   * @param object the object to add to
   * @param result the score of a text
   */
  public static void add(ObjectNode object, TextScorer.Result result) {
    object.put("score", result.value());
    object.put(TRUNCATED, result.truncated());
  }

  /**
   * Adds the entities.
   *
   * @param object the object to add to
   * @param result the spans found in a text
   */
  public static void add(ObjectNode object, TokenTagger.Result result) {
    addSpans(object.putArray("entities"), result.entities());
    object.put(TRUNCATED, result.truncated());
  }

  /**
   * Adds the answers and the probability that there is none.
   *
   * @param object the object to add to
   * @param result the answers to a question
   */
  public static void add(ObjectNode object, QuestionAnswerer.Result result) {
    ArrayNode answers = object.putArray("answers");
    for (QuestionAnswerer.Answer answer : result.answers()) {
      addPlace(answers.addObject(), answer.text(), answer.start(), answer.end())
          .put("score", answer.score())
          .put("probability", answer.probability());
    }
    object.put("no_answer_probability", result.noAnswerProbability());
    object.put(TRUNCATED, result.truncated());
  }

  /**
   * Adds what was found under every name of the schema. The options of a class have no position.
   *
   * @param object the object to add to
   * @param result what was extracted from a text
   */
  public static void add(ObjectNode object, InformationExtractor.Result result) {
    addExtractions(object.putObject("extractions"), result.extractions());
  }

  /**
   * Adds spans with their types.
   *
   * @param array the array that gets one object for each span
   * @param spans the spans, in the order to add them
   */
  public static void addSpans(ArrayNode array, List<Span> spans) {
    for (Span span : spans) {
      addPlace(array.addObject().put("type", span.type()), span.text(), span.start(), span.end())
          .put("probability", span.probability());
    }
  }

  private static ObjectNode addPlace(ObjectNode object, String text, int start, int end) {
    return object.put("text", text).put("start", start).put("end", end);
  }

  /**
   * Adds the probability of every label, as an object named {@code probabilities}.
   *
   * @param object the object to add to
   * @param scores the labels with their probabilities, in the order to add them
   */
  public static void addProbabilities(ObjectNode object, List<Score> scores) {
    ObjectNode all = object.putObject("probabilities");
    scores.forEach(score -> all.put(score.label(), score.probability()));
  }

  private static void addExtractions(ObjectNode object, Map<String, List<Extraction>> named) {
    named.forEach(
        (name, found) -> {
          ArrayNode list = object.putArray(name);
          found.forEach(extraction -> addExtraction(list.addObject(), extraction));
        });
  }

  private static void addExtraction(ObjectNode object, Extraction extraction) {
    if (extraction.isOption()) {
      object.put("text", extraction.text());
    } else {
      addPlace(object, extraction.text(), extraction.start(), extraction.end());
    }
    object.put("probability", extraction.probability());
    if (!extraction.relations().isEmpty()) {
      addExtractions(object.putObject("relations"), extraction.relations());
    }
  }
}
