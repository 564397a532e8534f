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
import ernie4j.pipeline.TextScorer;
import ernie4j.training.data.ScoredExample;
import ernie4j.training.data.Split;
import ernie4j.training.evaluation.Evaluated;
import ernie4j.training.evaluation.ScoringEvaluation;
import ernie4j.training.task.Objective;
import ernie4j.training.task.ScoringObjective;
import ernie4j.training.task.TaskSetup;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** One number for texts and pairs. */
final class ScoreTask implements CommandTask<ScoredExample> {
  /** How the difference between a score and the expected one is measured. */
  static final class LossOption {
    @Option(
        names = "--loss",
        description =
            "${COMPLETION-CANDIDATES}: cross_entropy for scores from 0 to 1, squared_error for any (default: cross_entropy).")
    ScoringObjective.Loss loss = ScoringObjective.Loss.CROSS_ENTROPY;
  }

  private final TextColumns columns;
  private final LossOption loss = new LossOption();

  ScoreTask(TextColumns columns) {
    this.columns = columns;
  }

  @Override
  public String name() {
    return "score";
  }

  @Override
  public Task task() {
    return Task.SCORING;
  }

  @Override
  public String training() {
    return "Fine-tune a model to give texts or pairs a score: how well a document answers a query, how similar two sentences are. Files: JSON lines with a score, .tsv, .csv.";
  }

  @Override
  public String evaluation() {
    return "Rank correlation (Spearman), linear correlation (Pearson) and mean squared error of scores.";
  }

  @Override
  public List<Object> dataOptions() {
    return List.of(columns);
  }

  @Override
  public List<Object> trainingOptions() {
    return List.of(loss);
  }

  @Override
  public List<ScoredExample> read(Path file, PrintWriter err) throws IOException {
    return columns.readScored(file);
  }

  @Override
  public List<ScoredExample> readOpen(Path file) throws IOException {
    return columns.readOpen(file).stream()
        .map(e -> new ScoredExample(e.text(), e.pair(), Double.NaN))
        .toList();
  }

  @Override
  public List<ScoredExample> readUnlabelled(Path file) throws IOException {
    return columns.readUnlabelled(file).stream()
        .map(e -> new ScoredExample(e.text(), e.pair(), Double.NaN))
        .toList();
  }

  @Override
  public List<String> texts(ScoredExample example) {
    return Json.present(example.text(), example.pair());
  }

  /** A model whose head is kept also keeps the meaning of its scores. */
  @Override
  public Objective objective(
      TaskSetup setup, Split<ScoredExample> data, Map<String, List<String>> kept) {
    boolean scorer = setup.model().task().equals(Task.SCORING.id());
    boolean sigmoid =
        HeadOptions.SIGMOID.equals(setup.model().options().get(HeadOptions.ACTIVATION));
    ScoringObjective.Loss chosen =
        scorer && !sigmoid ? ScoringObjective.Loss.SQUARED_ERROR : loss.loss;
    return new ScoringObjective(setup, data, chosen);
  }

  @Override
  public Evaluated evaluate(
      Model model, List<ScoredExample> examples, Kernels kernels, Parallel parallel) {
    return ScoringEvaluation.of(ScoringEvaluation.pipeline(model, kernels, parallel), examples);
  }

  @Override
  public List<String> cautions(List<ScoredExample> examples) {
    return ScoringEvaluation.cautions(examples);
  }

  @Override
  public List<ObjectNode> predict(
      Model model, List<ScoredExample> examples, Kernels kernels, Parallel parallel) {
    TextScorer scorer = ScoringEvaluation.pipeline(model, kernels, parallel);
    return Json.lines(
        examples,
        ScoringEvaluation.answers(scorer, examples),
        example -> Json.texts(example.text(), example.pair()),
        (line, example, result) -> line.put("score", result.value()));
  }

  @Override
  public Consumer<ScoredExample> answering(Model model) {
    TextScorer scorer = TextScorer.of(model).withLongText(LongText.TRUNCATE);
    return e -> ScoringEvaluation.answers(scorer, List.of(e));
  }
}
