package ernie4j.cli.option;

import ernie4j.training.slu.SluCorpus;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that say where utterances come from, shared by training and evaluation. */
public final class SluData {
  private static final int SHOWN_PROBLEMS = 5;

  @Option(
      names = "--dev-path",
      paramLabel = "FILE",
      description = "Development corpus; without it, a part of --train-path is split off.")
  @Nullable Path devPath;

  @Option(
      names = "--dev-share",
      defaultValue = "0.2",
      description = "Share that is split off at random (default: ${DEFAULT-VALUE}).")
  double devShare;

  @Mixin private SplitSeed split;

  public long splitSeed() {
    return split.seed();
  }

  /** Reads both parts and tells about lines that were left out. */
  public SluCorpus.Split read(Path trainPath, PrintWriter err) throws IOException {
    SluCorpus train = read(trainPath, "corpus", err);
    return devPath == null
        ? train.split(devShare, split.seed())
        : new SluCorpus.Split(
            train.examples(), read(devPath, "development corpus", err).examples());
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
