package ernie4j.bench.sidebyside;

import ernie4j.bench.peer.EncoderEngine;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares this project's encoder on several threads with itself on one. */
@Command(
    name = "threads",
    mixinStandardHelpOptions = true,
    description = "Compares our encoder on several threads with itself on one.")
public final class ThreadsSideBySide implements Callable<Integer> {
  private final String[] arguments;

  @Option(names = "--threads", defaultValue = "2", description = "threads of our side; default 2")
  private int threads;

  @Mixin private EncoderCases matrix = EncoderCases.of(List.of(1, 32), List.of(16, 128));

  @Mixin private RunOptions run = new RunOptions();

  private ThreadsSideBySide(String[] arguments) {
    this.arguments = arguments;
  }

  /** Runs the command line. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new ThreadsSideBySide(arguments)).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    EncoderCases.Sides sides =
        new EncoderCases.Sides(EncoderEngine.ERNIE4J, EncoderEngine.ERNIE4J_ONE_THREAD, threads);
    return run.run(matrix.cases(sides, run), ThreadsSideBySide.class, arguments);
  }
}
