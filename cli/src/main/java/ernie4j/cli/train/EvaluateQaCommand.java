package ernie4j.cli.train;

import ernie4j.cli.option.DocumentStride;
import ernie4j.training.data.QuestionFiles;
import ernie4j.training.task.AnswerFinder;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "qa",
    description = "Exact match and F1 of answers, as the script of CMRC 2018 counts them.",
    mixinStandardHelpOptions = true)
final class EvaluateQaCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Mixin TaskEvaluation evaluation;

  @Mixin DocumentStride stride;

  @Override
  public Integer call() throws IOException {
    return evaluation.run(
        spec,
        QuestionFiles::read,
        (model, examples) -> new AnswerFinder(model, stride.tokens()).evaluate(examples));
  }
}
