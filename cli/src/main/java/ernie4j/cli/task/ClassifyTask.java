package ernie4j.cli.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.cli.option.TextColumns;
import ernie4j.cli.report.Json;
import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.HeadOptions;
import ernie4j.engine.head.Task;
import ernie4j.engine.kernels.Kernels;
import ernie4j.pipeline.LongText;
import ernie4j.pipeline.TextClassifier;
import ernie4j.training.data.Labels;
import ernie4j.training.data.Split;
import ernie4j.training.data.TextExample;
import ernie4j.training.evaluation.ClassificationEvaluation;
import ernie4j.training.evaluation.Evaluated;
import ernie4j.training.task.ClassificationObjective;
import ernie4j.training.task.Objective;
import ernie4j.training.task.TaskSetup;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Classes of texts and pairs. */
final class ClassifyTask implements CommandTask<TextExample> {
  private final TextColumns columns;
  private final LabelList labels = new LabelList();

  ClassifyTask(TextColumns columns) {
    this.columns = columns;
  }

  @Override
  public String name() {
    return "classify";
  }

  @Override
  public Task task() {
    return Task.SEQUENCE_CLASSIFICATION;
  }

  @Override
  public String training() {
    return "Fine-tune a model to give texts or pairs a class. Files: JSON lines (our own or CLUE's), .tsv, .csv.";
  }

  @Override
  public String evaluation() {
    return "Accuracy, macro F1 and Matthews correlation of a text classifier.";
  }

  @Override
  public List<Object> dataOptions() {
    return List.of(columns);
  }

  @Override
  public List<Object> trainingOptions() {
    return List.of(labels);
  }

  @Override
  public List<TextExample> read(Path file, PrintWriter err) throws IOException {
    return columns.read(file);
  }

  @Override
  public List<TextExample> readOpen(Path file) throws IOException {
    return columns.readOpen(file);
  }

  @Override
  public List<TextExample> readUnlabelled(Path file) throws IOException {
    return columns.readUnlabelled(file);
  }

  @Override
  public List<String> texts(TextExample example) {
    return Json.present(example.text(), example.pair());
  }

  @Override
  public Objective objective(
      TaskSetup setup, Split<TextExample> data, Map<String, List<String>> kept) throws IOException {
    Labels names = labels.chosen(kept.get(Task.LABEL), () -> Labels.ofTexts(data.train()));
    return new ClassificationObjective(setup, names, data);
  }

  @Override
  public Evaluated evaluate(
      Model model, List<TextExample> examples, Kernels kernels, Parallel parallel) {
    return ClassificationEvaluation.of(
        ClassificationEvaluation.pipeline(model, kernels, parallel), examples);
  }

  @Override
  public List<String> temperatures() {
    return List.of(HeadOptions.TEMPERATURE);
  }

  @Override
  public List<String> cautions(List<TextExample> examples) {
    return ClassificationEvaluation.cautions(examples);
  }

  @Override
  public List<ObjectNode> predict(
      Model model, List<TextExample> examples, Kernels kernels, Parallel parallel) {
    TextClassifier classifier = ClassificationEvaluation.pipeline(model, kernels, parallel);
    return Json.lines(
        examples,
        ClassificationEvaluation.answers(classifier, examples),
        example -> Json.texts(example.text(), example.pair()),
        (line, example, result) -> {
          line.put("label", result.label());
          line.put("probability", result.probability());
        });
  }

  @Override
  public Consumer<TextExample> answering(Model model) {
    TextClassifier classifier = TextClassifier.of(model).withLongText(LongText.TRUNCATE);
    return e -> ClassificationEvaluation.answers(classifier, List.of(e));
  }
}
