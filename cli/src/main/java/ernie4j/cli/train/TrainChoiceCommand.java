package ernie4j.cli.train;

import ernie4j.cli.option.TrainingFlags;
import ernie4j.training.task.MultipleChoice;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "choice",
    description =
        "Fine-tune an encoder to pick the right one of several answers. Files: JSON lines (our own, CHID's), C3's JSON.",
    mixinStandardHelpOptions = true)
final class TrainChoiceCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Mixin TaskTraining training;

  @Mixin TaskData data;

  @Mixin ChoiceAnswers answers;

  @Mixin TrainingFlags flags = new TrainingFlags();

  @Mixin OutputFolder output;

  @Override
  public Integer call() throws IOException {
    return training.run(
        spec, flags, output, data, setup -> new MultipleChoice(setup, data.read(answers::read)));
  }
}
