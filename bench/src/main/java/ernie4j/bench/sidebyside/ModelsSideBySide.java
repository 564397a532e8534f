package ernie4j.bench.sidebyside;

import ernie4j.bench.input.Utterances;
import ernie4j.bench.report.Round;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares two model files for intents and slots, from the text to the answer. */
@Command(
    name = "models",
    mixinStandardHelpOptions = true,
    description =
        "Compares the time from text to answer of two model files for intents and slots, on one"
            + " thread.")
public final class ModelsSideBySide implements Callable<Integer> {
  private final String[] arguments;

  @Parameters(index = "0", paramLabel = "OURS", description = "the model file of our side")
  private Path ours = Path.of("");

  @Parameters(index = "1", paramLabel = "PEER", description = "the model file of the other side")
  private Path peer = Path.of("");

  @Option(
      names = "--length",
      defaultValue = "16",
      description = "tokens of an utterance, [CLS] and [SEP] included; default 16")
  private int length;

  @Option(names = "--utterances", defaultValue = "8", description = "how many; default 8")
  private int count;

  @Option(
      names = "--corpus",
      description = "utterances in the second column; default: a built-in list")
  private @Nullable Path corpus;

  @Mixin private RunOptions run = new RunOptions();

  private ModelsSideBySide(String[] arguments) {
    this.arguments = arguments;
  }

  /** Runs the command line. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new ModelsSideBySide(arguments)).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    String title = "text to answer, %d tokens".formatted(length);
    Case only = new Case(title, ours.toString(), peer.toString(), this::measure);
    return run.run(List.of(only), ModelsSideBySide.class, arguments);
  }

  private List<Round> measure() {
    try {
      SluUnderTest a = SluUnderTest.load(ours);
      SluUnderTest b = SluUnderTest.load(peer);
      List<String> texts =
          Utterances.of(
              corpus, count, text -> a.tokens(text) == length && b.tokens(text) == length);
      SluUnderTest.requireSimilarAnswers(a, b, texts);
      SluUnderTest.awaitFullSpeed();
      return run.sideBySide()
          .run(
              new Contender(ours.toString(), a.inTurn(texts)),
              new Contender(peer.toString(), b.inTurn(texts)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
