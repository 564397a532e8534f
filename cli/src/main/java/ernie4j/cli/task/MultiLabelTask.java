package ernie4j.cli.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.cli.option.Range;
import ernie4j.cli.option.TextColumns;
import ernie4j.cli.report.Json;
import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.HeadOptions;
import ernie4j.engine.head.Task;
import ernie4j.engine.kernels.Kernels;
import ernie4j.pipeline.LongText;
import ernie4j.pipeline.MultiLabelClassifier;
import ernie4j.pipeline.json.ResultJson;
import ernie4j.training.data.Labels;
import ernie4j.training.data.MultiLabelExample;
import ernie4j.training.data.Split;
import ernie4j.training.evaluation.Evaluated;
import ernie4j.training.evaluation.MultiLabelEvaluation;
import ernie4j.training.task.MultiLabelObjective;
import ernie4j.training.task.Objective;
import ernie4j.training.task.TaskSetup;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** Any number of labels of texts and pairs. */
final class MultiLabelTask implements CommandTask<MultiLabelExample> {
  /** The probability from which a label applies. */
  static final class Threshold {
    @Option(
        names = "--threshold",
        converter = Range.Share.class,
        defaultValue = "0.5",
        description =
            "The least probability with which a label applies; stored in the model (default: ${DEFAULT-VALUE}).")
    double probability;
  }

  private final TextColumns columns;
  private final LabelList labels = new LabelList();
  private final Threshold threshold = new Threshold();

  MultiLabelTask(TextColumns columns) {
    this.columns = columns;
  }

  @Override
  public String name() {
    return "multi-label";
  }

  @Override
  public Task task() {
    return Task.MULTI_LABEL_CLASSIFICATION;
  }

  @Override
  public String training() {
    return "Fine-tune a model to give texts or pairs any number of labels. Files: JSON lines with a list of labels, .tsv and .csv with commas between the labels.";
  }

  @Override
  public String evaluation() {
    return "Micro and macro F1 of labels, and the share of texts with exactly the right ones.";
  }

  @Override
  public List<Object> dataOptions() {
    return List.of(columns);
  }

  @Override
  public List<Object> trainingOptions() {
    return List.of(labels, threshold);
  }

  @Override
  public List<MultiLabelExample> read(Path file, PrintWriter err) throws IOException {
    return columns.readMultiLabel(file);
  }

  @Override
  public List<MultiLabelExample> readOpen(Path file) throws IOException {
    return columns.readOpen(file).stream()
        .map(e -> new MultiLabelExample(e.text(), e.pair(), List.of()))
        .toList();
  }

  @Override
  public List<MultiLabelExample> readUnlabelled(Path file) throws IOException {
    return columns.readUnlabelled(file).stream()
        .map(e -> new MultiLabelExample(e.text(), e.pair(), List.of()))
        .toList();
  }

  @Override
  public List<String> texts(MultiLabelExample example) {
    return Json.present(example.text(), example.pair());
  }

  @Override
  public Objective objective(
      TaskSetup setup, Split<MultiLabelExample> data, Map<String, List<String>> kept)
      throws IOException {
    Labels names =
        labels.chosen(kept.get(Task.LABEL), () -> Labels.ofMultiLabelTexts(data.train()));
    double probability =
        setup.model().options().containsKey(HeadOptions.THRESHOLD) && !kept.isEmpty()
            ? Double.parseDouble(setup.model().options().getOrDefault(HeadOptions.THRESHOLD, "0.5"))
            : threshold.probability;
    return new MultiLabelObjective(setup, names, data, probability);
  }

  @Override
  public Evaluated evaluate(
      Model model, List<MultiLabelExample> examples, Kernels kernels, Parallel parallel) {
    return MultiLabelEvaluation.of(
        MultiLabelEvaluation.pipeline(model, kernels, parallel), examples);
  }

  @Override
  public List<String> temperatures() {
    return List.of(HeadOptions.TEMPERATURE);
  }

  @Override
  public List<String> cautions(List<MultiLabelExample> examples) {
    return MultiLabelEvaluation.cautions(examples);
  }

  @Override
  public List<ObjectNode> predict(
      Model model, List<MultiLabelExample> examples, Kernels kernels, Parallel parallel) {
    MultiLabelClassifier classifier = MultiLabelEvaluation.pipeline(model, kernels, parallel);
    return Json.lines(
        examples,
        MultiLabelEvaluation.answers(classifier, examples),
        example -> Json.texts(example.text(), example.pair()),
        (line, example, result) -> {
          result.labels().forEach(line.putArray("labels")::add);
          ResultJson.addProbabilities(line, result.scores());
        });
  }

  @Override
  public Consumer<MultiLabelExample> answering(Model model) {
    MultiLabelClassifier classifier =
        MultiLabelClassifier.of(model).withLongText(LongText.TRUNCATE);
    return e -> MultiLabelEvaluation.answers(classifier, List.of(e));
  }
}
