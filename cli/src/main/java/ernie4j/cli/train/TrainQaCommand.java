package ernie4j.cli.train;

import ernie4j.cli.option.DocumentStride;
import ernie4j.cli.option.TrainingFlags;
import ernie4j.training.data.QuestionFiles;
import ernie4j.training.task.QuestionAnswering;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "qa",
    description =
        "Fine-tune an encoder to find the answer to a question in a text. Files: SQuAD's JSON (CMRC, DRCD), JSON lines.",
    mixinStandardHelpOptions = true)
final class TrainQaCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Mixin TaskTraining training;

  @Mixin TaskData data;

  @Mixin DocumentStride stride;

  @Mixin TrainingFlags flags = new TrainingFlags();

  @Mixin OutputFolder output;

  @Override
  public Integer call() throws IOException {
    return training.run(
        spec,
        flags,
        output,
        data,
        setup -> new QuestionAnswering(setup, data.read(QuestionFiles::read), stride.tokens()));
  }
}
