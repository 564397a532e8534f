package ernie4j.cli.model;

import ernie4j.cli.option.ModelPath;
import ernie4j.cli.option.Range;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.file.OutputPlace;
import ernie4j.pipeline.Tokenizers;
import ernie4j.training.distillation.TextCorpus;
import ernie4j.training.model.VocabularyPruner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "prune-embeddings",
    description =
        "Keep only the word embeddings that given texts need, and the first positions; also part of"
            + " train slu and compress.",
    mixinStandardHelpOptions = true)
public final class PruneEmbeddingsCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      converter = ModelPath.class,
      required = true,
      description = "A float model file, or the name of a pulled one.")
  Path model;

  @Option(
      names = "--text",
      paramLabel = "FILE",
      arity = "1..*",
      required = true,
      description = "UTF-8 files with texts like those that the model will read, one a line.")
  List<Path> text = List.of();

  @Option(
      names = "--vocabulary-size",
      converter = Range.Words.class,
      defaultValue = "6000",
      description =
          "Words to keep: the special ones, then the most frequent in the texts (default:"
              + " ${DEFAULT-VALUE}).")
  int vocabularySize;

  @Option(
      names = "--max-length",
      converter = Range.Length.class,
      description = "Positions to keep, [CLS] and [SEP] included (default: all).")
  int maxLength = Integer.MAX_VALUE;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      required = true,
      description = "The file to write.")
  Path output;

  @Override
  public Integer call() throws IOException {
    OutputPlace.requireFile(output);
    Model full = ModelFile.read(model);
    Model pruned;
    try (TextCorpus texts = TextCorpus.open(text)) {
      pruned =
          VocabularyPruner.fit(full, Tokenizers.of(full), texts.texts(), vocabularySize, maxLength);
    }
    ModelFile.write(output, pruned);
    spec.commandLine()
        .getOut()
        .printf(
            "%s: %,d of %,d words, %,d of %,d positions, %,d of %,d bytes%n",
            output,
            pruned.vocabulary().size(),
            full.vocabulary().size(),
            pruned.config().maxPositions(),
            full.config().maxPositions(),
            Files.size(output),
            Files.size(model));
    return 0;
  }
}
