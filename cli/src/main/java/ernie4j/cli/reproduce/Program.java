package ernie4j.cli.reproduce;

import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;

/** The program that an experiment is a command of, and whose other commands are its steps. */
public interface Program {
  /** The exit code of a command whose training was stopped. */
  int STOPPED = 130;

  /** Runs one command line, from its first word on, and returns the exit code. */
  int execute(PrintWriter out, PrintWriter err, String... words);

  /** The program that a command belongs to. */
  static Program of(CommandSpec spec) {
    return (Program) spec.root().userObject();
  }
}
