package ernie4j.cli.train;

import ernie4j.training.data.TagFiles;
import ernie4j.training.task.Tagger;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "tag",
    description =
        "Precision, recall and F1 of a tagger: a span is right if its type and both ends are.",
    mixinStandardHelpOptions = true)
final class EvaluateTagCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Mixin TaskEvaluation evaluation;

  @Override
  public Integer call() throws IOException {
    return evaluation.run(
        spec, TagFiles::read, (model, examples) -> new Tagger(model).evaluate(examples));
  }
}
