package ernie4j.cli.train;

import ernie4j.cli.option.TrainingFlags;
import ernie4j.training.data.Labels;
import ernie4j.training.data.Split;
import ernie4j.training.data.TagFiles;
import ernie4j.training.data.TaggedExample;
import ernie4j.training.task.Tagging;
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
    name = "tag",
    description =
        "Fine-tune an encoder to find typed spans, for example names. Files: BIO or CoNLL, PaddleNLP's, JSON lines.",
    mixinStandardHelpOptions = true)
final class TrainTagCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Mixin TaskTraining training;

  @Mixin TaskData data;

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description =
          "Tags, one a line, in the order of the outputs: O, B-..., I-...; without it, those of --data by first appearance.")
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
          Split<TaggedExample> split = data.read(TagFiles::read);
          Labels names = labels == null ? Labels.ofSpans(split.train()) : Labels.read(labels);
          return new Tagging(setup, names, split);
        });
  }
}
