package ernie4j.cli.reproduce;

import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The program that an experiment belongs to. The steps of the experiment are other commands of it.
 */
public interface Program {
  /** The exit code of a command whose training was stopped. */
  int STOPPED = 130;

  /** Runs a command line and returns its exit code. */
  int execute(PrintWriter out, PrintWriter err, String... words);

  /** The program that a command belongs to. */
  static Program of(CommandSpec spec) {
    return (Program) spec.root().userObject();
  }
}
