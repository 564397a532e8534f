package ernie4j.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.engine.file.AtomicFile;
import ernie4j.training.TrainingListener.Evaluation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/** The evaluations of a training so far, as JSON for checkpoints and as CSV for people. */
public final class TrainingHistory {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<Evaluation> evaluations = new ArrayList<>();

  /** A history without evaluations. */
  public TrainingHistory() {}

  void add(Evaluation evaluation) {
    evaluations.add(evaluation);
  }

  /** {@return an unmodifiable view of all evaluations, oldest first} */
  public List<Evaluation> evaluations() {
    return Collections.unmodifiableList(evaluations);
  }

  /** Whether there was an evaluation after this number of steps. */
  boolean holds(long step) {
    return evaluations.stream().anyMatch(e -> e.step() == step);
  }

  /** {@return the evaluation of the best model; empty before the first evaluation} */
  public Optional<Evaluation> best() {
    return evaluations.stream().filter(Evaluation::best).reduce((first, last) -> last);
  }

  /** {@return the number of evaluations since the best one; 0 if the last one is the best} */
  public int sinceBest() {
    int count = 0;
    while (count < evaluations.size() && !evaluations.get(evaluations.size() - 1 - count).best()) {
      count++;
    }
    return count;
  }

  /**
   * Finds the highest value of a metric so far.
   *
   * @param metric a key of {@link Evaluation#metrics}
   * @return the highest value; empty before the first evaluation
   */
  public OptionalDouble highest(String metric) {
    return evaluations.stream()
        .mapToDouble(e -> Objects.requireNonNull(e.metrics().get(metric), metric))
        .max();
  }

  /**
   * Writes a line of column names and one line per evaluation, replacing the file atomically.
   *
   * @param path the CSV file to write
   * @throws IOException if the file cannot be written; an earlier one stays
   */
  public void writeCsv(Path path) throws IOException {
    StringBuilder text = new StringBuilder("step,epoch,learning_rate,loss");
    if (!evaluations.isEmpty()) {
      evaluations.get(0).metrics().keySet().forEach(name -> text.append(',').append(name));
    }
    text.append('\n');
    for (Evaluation e : evaluations) {
      text.append(
          String.format(
              Locale.ROOT, "%d,%.4f,%.6e,%.6f", e.step(), e.epoch(), e.learningRate(), e.loss()));
      e.metrics().values().forEach(v -> text.append(String.format(Locale.ROOT, ",%.4f", v)));
      text.append('\n');
    }
    AtomicFile.writeText(path, text);
  }

  /**
   * Writes one line with a JSON object per evaluation, replacing the file atomically.
   *
   * @param path the JSON Lines file to write
   * @throws IOException if the file cannot be written; an earlier one stays
   */
  public void writeJsonLines(Path path) throws IOException {
    StringBuilder text = new StringBuilder();
    evaluations.forEach(e -> text.append(node(e)).append('\n'));
    AtomicFile.writeText(path, text);
  }

  String toJson() {
    ArrayNode list = JSON.createArrayNode();
    evaluations.forEach(e -> list.add(node(e)));
    return list.toString();
  }

  private static ObjectNode node(Evaluation e) {
    ObjectNode node = JSON.createObjectNode();
    node.put("step", e.step());
    node.put("epoch", e.epoch());
    node.put("learning_rate", e.learningRate());
    node.put("loss", e.loss());
    node.put("best", e.best());
    ObjectNode metrics = node.putObject("metrics");
    e.metrics().forEach(metrics::put);
    return node;
  }

  static TrainingHistory fromJson(String json) throws IOException {
    TrainingHistory history = new TrainingHistory();
    for (JsonNode node : JSON.readTree(json)) {
      Map<String, Double> metrics = new LinkedHashMap<>();
      node.get("metrics")
          .fields()
          .forEachRemaining(f -> metrics.put(f.getKey(), f.getValue().asDouble()));
      history.add(
          new Evaluation(
              node.get("step").asLong(),
              node.get("epoch").asDouble(),
              node.get("learning_rate").asDouble(),
              node.get("loss").asDouble(),
              metrics,
              node.get("best").asBoolean()));
    }
    return history;
  }
}
