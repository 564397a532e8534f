package ernie4j.cli.train;

import ernie4j.cli.option.TextColumns;
import ernie4j.training.task.TextClassifier;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "classify",
    description = "Accuracy, macro F1 and Matthews correlation of a text classifier.",
    mixinStandardHelpOptions = true)
final class EvaluateClassifyCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Mixin TaskEvaluation evaluation;

  @Mixin TextColumns columns;

  @Override
  public Integer call() throws IOException {
    return evaluation.run(
        spec, columns::read, (model, examples) -> new TextClassifier(model).evaluate(examples));
  }
}
