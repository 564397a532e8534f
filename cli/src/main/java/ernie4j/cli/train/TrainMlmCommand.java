package ernie4j.cli.train;

import ernie4j.cli.option.Range;
import ernie4j.cli.option.TrainingFlags;
import ernie4j.engine.file.ModelFile;
import ernie4j.training.distillation.TextCorpus;
import ernie4j.training.task.MaskedLanguageObjective;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "mlm",
    description = "Train an encoder on plain text, to predict masked tokens.",
    mixinStandardHelpOptions = true)
final class TrainMlmCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Mixin TaskTraining training;

  @Option(
      names = "--text",
      paramLabel = "FILE",
      required = true,
      arity = "1..*",
      description = "UTF-8 files with one text a line, of any size.")
  List<Path> texts;

  @Option(
      names = "--held-out",
      converter = Range.Count.class,
      defaultValue = "1000",
      description = "Texts to evaluate on, chosen by --seed (default: ${DEFAULT-VALUE}).")
  int heldOut;

  @Mixin TrainingFlags flags = new TrainingFlags();

  @Mixin OutputFolder output;

  @Override
  public Integer call() throws IOException {
    output.requireFreshOrResumable();
    String names =
        texts.stream().map(p -> String.valueOf(p.getFileName())).collect(Collectors.joining(", "));
    try (TextCorpus corpus = TextCorpus.open(texts)) {
      return training.run(
          spec,
          flags,
          output,
          new TaskTraining.Start(
              ModelFile.read(training.model), names, Optional.empty(), 0, Map.of()),
          setup -> new MaskedLanguageObjective(setup, corpus.size(), corpus::text, heldOut),
          (objective, best, parallel) -> objective.evaluate(best));
    }
  }
}
