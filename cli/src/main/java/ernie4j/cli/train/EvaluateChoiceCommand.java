package ernie4j.cli.train;

import ernie4j.training.task.ChoicePicker;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "choice",
    description = "Share of questions for which the right answer is picked.",
    mixinStandardHelpOptions = true)
final class EvaluateChoiceCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Mixin TaskEvaluation evaluation;

  @Mixin ChoiceAnswers answers;

  @Override
  public Integer call() throws IOException {
    return evaluation.run(
        spec, answers::read, (model, examples) -> new ChoicePicker(model).evaluate(examples));
  }
}
