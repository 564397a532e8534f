package ernie4j.cli.option;

import ernie4j.training.slu.SluCorpus;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that say where utterances come from, shared by training and compression. */
public final class SluData {
  private static final int SHOWN_PROBLEMS = 5;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      required = true,
      description = "Utterances: session, text, intent and annotated text, separated by tabs.")
  private Path data;

  @Option(
      names = "--dev-data",
      paramLabel = "FILE",
      description = "Development corpus; without it, a part of --data is split off.")
  private @Nullable Path devData;

  @Option(
      names = "--dev-share",
      converter = Range.Part.class,
      defaultValue = "0.2",
      description = "Share that is split off at random (default: ${DEFAULT-VALUE}).")
  private double devShare;

  @Mixin private SplitSeed split;

  /** The name of the corpus, as a trained model keeps it. */
  public String name() {
    return String.valueOf(data.getFileName());
  }

  public long splitSeed() {
    return split.seed();
  }

  /** Reads both parts and tells about lines that were left out. */
  public SluCorpus.Split read(PrintWriter err) throws IOException {
    SluCorpus train = read(data, "corpus", err);
    return devData == null
        ? train.split(devShare, split.seed())
        : new SluCorpus.Split(
            train.examples(), read(devData, "development corpus", err).examples());
  }

  /** Reads a corpus and tells about lines that were left out. */
  public static SluCorpus read(Path path, String what, PrintWriter err) throws IOException {
    SluCorpus corpus = SluCorpus.read(path);
    List<String> problems = corpus.problems();
    err.printf(
        "%s %s: %,d utterances; left out %,d corrections and %,d lines that cannot be read%n",
        what, path, corpus.examples().size(), corpus.corrections(), problems.size());
    problems.stream().limit(SHOWN_PROBLEMS).forEach(p -> err.println("  " + p));
    if (problems.size() > SHOWN_PROBLEMS) {
      err.println("  ...");
    }
    return corpus;
  }
}
