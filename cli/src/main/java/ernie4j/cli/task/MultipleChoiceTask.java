package ernie4j.cli.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.cli.option.ChoiceAnswers;
import ernie4j.cli.report.Json;
import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.Task;
import ernie4j.engine.kernels.Kernels;
import ernie4j.pipeline.ChoiceSelector;
import ernie4j.pipeline.LongText;
import ernie4j.training.data.ChoiceExample;
import ernie4j.training.data.Split;
import ernie4j.training.evaluation.Evaluated;
import ernie4j.training.evaluation.MultipleChoiceEvaluation;
import ernie4j.training.task.MultipleChoiceObjective;
import ernie4j.training.task.Objective;
import ernie4j.training.task.TaskSetup;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Multiple-choice questions. */
final class MultipleChoiceTask implements CommandTask<ChoiceExample> {
  private final ChoiceAnswers answers;

  MultipleChoiceTask(ChoiceAnswers answers) {
    this.answers = answers;
  }

  @Override
  public String name() {
    return "choice";
  }

  @Override
  public Task task() {
    return Task.MULTIPLE_CHOICE;
  }

  @Override
  public String training() {
    return "Fine-tune a model to pick the right one of several answers. Files: JSON lines (our own, CHID's), C3's JSON.";
  }

  @Override
  public String evaluation() {
    return "Share of questions for which the right answer is picked.";
  }

  @Override
  public List<Object> dataOptions() {
    return List.of(answers);
  }

  @Override
  public List<ChoiceExample> read(Path file, PrintWriter err) throws IOException {
    return answers.read(file);
  }

  @Override
  public List<ChoiceExample> readOpen(Path file) throws IOException {
    return answers.read(file);
  }

  @Override
  public List<String> texts(ChoiceExample example) {
    List<String> texts = new ArrayList<>(List.of(example.context(), example.question()));
    texts.addAll(example.choices());
    return texts;
  }

  @Override
  public Objective objective(
      TaskSetup setup, Split<ChoiceExample> data, Map<String, List<String>> kept) {
    return new MultipleChoiceObjective(setup, data);
  }

  @Override
  public Evaluated evaluate(
      Model model, List<ChoiceExample> examples, Kernels kernels, Parallel parallel) {
    return MultipleChoiceEvaluation.of(
        MultipleChoiceEvaluation.pipeline(model, kernels, parallel), examples);
  }

  @Override
  public List<ObjectNode> predict(
      Model model, List<ChoiceExample> examples, Kernels kernels, Parallel parallel) {
    ChoiceSelector selector = MultipleChoiceEvaluation.pipeline(model, kernels, parallel);
    return Json.lines(
        examples,
        MultipleChoiceEvaluation.answers(selector, examples),
        example -> {
          ObjectNode line = Json.object();
          line.put("context", example.context());
          line.put("question", example.question());
          return line;
        },
        (line, example, result) -> {
          line.put("answer", result.index());
          line.put("choice", result.choice());
          line.put("probability", result.probability());
        });
  }

  @Override
  public Consumer<ChoiceExample> answering(Model model) {
    ChoiceSelector selector = ChoiceSelector.of(model).withLongText(LongText.TRUNCATE);
    return e -> selector.trySelect(List.of(e.toQuestion()));
  }
}
