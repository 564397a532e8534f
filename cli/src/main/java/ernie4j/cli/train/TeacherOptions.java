package ernie4j.cli.train;

import ernie4j.cli.option.ModelPath;
import ernie4j.cli.option.Range;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** A fine-tuned model whose answers are followed besides the labels. */
final class TeacherOptions {
  /** The other options have no meaning without the first one. */
  static final class Chosen {
    @Option(
        names = "--teacher",
        paramLabel = "MODEL",
        converter = ModelPath.class,
        required = true,
        description =
            "A model for the same task, for example a larger one, whose answers are learned in addition to the labels. It must have the same vocabulary and labels. May be repeated: then the mean of the logits is learned.")
    List<Path> models = List.of();

    @Option(
        names = "--teacher-weight",
        converter = Range.Positive.class,
        defaultValue = "1",
        description =
            "Weight of the teacher's answers relative to the labels (default: ${DEFAULT-VALUE}).")
    double weight;

    @Option(
        names = "--teacher-temperature",
        converter = Range.Positive.class,
        defaultValue = "1",
        description =
            "Temperature of the teacher's answers; above 1, less likely answers count more (default: ${DEFAULT-VALUE}).")
    double temperature;

    @Option(
        names = "--unlabelled",
        paramLabel = "FILE",
        description =
            "More examples that only the teacher answers: a .txt file with one text (or a pair with a tab in between) a line, or a file as for training.")
    @Nullable Path unlabelled;

    /** What a trained model records about the teacher. */
    Map<String, String> facts() {
      String names =
          models.stream()
              .map(model -> String.valueOf(model.getFileName()))
              .collect(Collectors.joining(" and "));
      return Map.of(
          "teacher", "%s, weight %s, temperature %s".formatted(names, weight, temperature));
    }
  }

  @ArgGroup(exclusive = false)
  @Nullable Chosen chosen;
}
