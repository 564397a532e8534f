package ernie4j.cli.train;

import ernie4j.cli.option.TextColumns;
import ernie4j.cli.option.TrainingFlags;
import ernie4j.training.data.Labels;
import ernie4j.training.data.Split;
import ernie4j.training.data.TextExample;
import ernie4j.training.task.TextClassification;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "classify",
    description =
        "Fine-tune an encoder to give texts or pairs a class. Files: JSON lines (our own or CLUE's), .tsv, .csv.",
    mixinStandardHelpOptions = true)
final class TrainClassifyCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Mixin TaskTraining training;

  @Mixin TaskData data;

  @Mixin TextColumns columns;

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description =
          "Labels, one a line, in the order of the outputs; without it, those of --data in the order of their first appearance.")
  @Nullable Path labels;

  @Mixin TrainingFlags flags = new TrainingFlags();

  @Mixin OutputFolder output;

  @Override
  public Integer call() throws IOException {
    return training.run(
        spec,
        flags,
        output,
        data,
        setup -> {
          Split<TextExample> split = data.read(columns::read);
          Labels names = labels == null ? Labels.ofTexts(split.train()) : Labels.read(labels);
          return new TextClassification(setup, names, split);
        });
  }
}
