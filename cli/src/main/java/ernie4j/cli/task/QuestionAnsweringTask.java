package ernie4j.cli.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.cli.option.DocumentStride;
import ernie4j.cli.report.Json;
import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.Task;
import ernie4j.engine.kernels.Kernels;
import ernie4j.pipeline.LongText;
import ernie4j.pipeline.QuestionAnswerer;
import ernie4j.training.data.QuestionExample;
import ernie4j.training.data.QuestionFiles;
import ernie4j.training.data.Split;
import ernie4j.training.evaluation.Evaluated;
import ernie4j.training.evaluation.QuestionAnsweringEvaluation;
import ernie4j.training.task.Objective;
import ernie4j.training.task.QuestionAnsweringObjective;
import ernie4j.training.task.TaskSetup;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Answers to questions in texts. */
final class QuestionAnsweringTask implements CommandTask<QuestionExample> {
  private final DocumentStride stride;

  QuestionAnsweringTask(DocumentStride stride) {
    this.stride = stride;
  }

  @Override
  public String name() {
    return "qa";
  }

  @Override
  public Task task() {
    return Task.QUESTION_ANSWERING;
  }

  @Override
  public String training() {
    return "Fine-tune a model to find the answer to a question in a text, or that there is none. Files: SQuAD's JSON (CMRC, DRCD), JSON lines.";
  }

  @Override
  public String evaluation() {
    return "Exact match and F1 of answers, as the script of CMRC 2018 counts them.";
  }

  @Override
  public List<Object> dataOptions() {
    return List.of(stride);
  }

  @Override
  public List<QuestionExample> read(Path file, PrintWriter err) throws IOException {
    return QuestionFiles.read(file);
  }

  @Override
  public List<QuestionExample> readOpen(Path file) throws IOException {
    return QuestionFiles.read(file);
  }

  @Override
  public List<String> texts(QuestionExample example) {
    return List.of(example.question(), example.context());
  }

  @Override
  public Objective objective(
      TaskSetup setup, Split<QuestionExample> data, Map<String, List<String>> kept) {
    return new QuestionAnsweringObjective(setup, data, stride.tokens());
  }

  @Override
  public Evaluated evaluate(
      Model model, List<QuestionExample> examples, Kernels kernels, Parallel parallel) {
    return QuestionAnsweringEvaluation.of(
        QuestionAnsweringEvaluation.pipeline(model, stride.tokens(), kernels, parallel), examples);
  }

  @Override
  public List<String> cautions(List<QuestionExample> examples) {
    return QuestionAnsweringEvaluation.cautions(examples);
  }

  @Override
  public List<ObjectNode> predict(
      Model model, List<QuestionExample> examples, Kernels kernels, Parallel parallel) {
    QuestionAnswerer reader =
        QuestionAnsweringEvaluation.pipeline(model, stride.tokens(), kernels, parallel);
    return Json.lines(
        examples,
        QuestionAnsweringEvaluation.answers(reader, examples),
        example -> {
          ObjectNode line = Json.object();
          line.put("id", example.id());
          line.put("question", example.question());
          return line;
        },
        QuestionAnsweringTask::put);
  }

  private static void put(
      ObjectNode line, QuestionExample example, QuestionAnswerer.Result result) {
    Optional<QuestionAnswerer.Answer> best = result.best();
    line.put("answer", best.map(QuestionAnswerer.Answer::text).orElse(""));
    if (best.isPresent()) {
      line.put("start", best.get().start());
      line.put("end", best.get().end());
      line.put("score", best.get().score());
      line.put("probability", best.get().probability());
    }
    line.put("no_answer_probability", result.noAnswerProbability());
  }

  @Override
  public Consumer<QuestionExample> answering(Model model) {
    QuestionAnswerer reader =
        QuestionAnswerer.of(model).withLongText(LongText.WINDOW).withStride(stride.tokens());
    return e -> reader.tryAnswer(List.of(e.toQuery()));
  }
}
