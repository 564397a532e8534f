package ernie4j.cli;

import ernie4j.cli.ask.AnswerCommand;
import ernie4j.cli.ask.ClassifyCommand;
import ernie4j.cli.ask.EmbedCommand;
import ernie4j.cli.ask.ExtractCommand;
import ernie4j.cli.ask.FillMaskCommand;
import ernie4j.cli.ask.MultiLabelCommand;
import ernie4j.cli.ask.ParseCommand;
import ernie4j.cli.ask.PredictCommand;
import ernie4j.cli.ask.ScoreCommand;
import ernie4j.cli.ask.TagCommand;
import ernie4j.cli.ask.Texts;
import ernie4j.cli.ask.TokenizeCommand;
import ernie4j.cli.compress.CompressCommand;
import ernie4j.cli.model.ConvertCommand;
import ernie4j.cli.model.ExportCommand;
import ernie4j.cli.model.InspectCommand;
import ernie4j.cli.model.ModelsCommand;
import ernie4j.cli.model.PruneEmbeddingsCommand;
import ernie4j.cli.model.PullCommand;
import ernie4j.cli.option.OldNames;
import ernie4j.cli.option.UsageException;
import ernie4j.cli.reproduce.Program;
import ernie4j.cli.reproduce.ReproduceCommand;
import ernie4j.cli.train.ConvertAnnotationsCommand;
import ernie4j.cli.train.DistillCommand;
import ernie4j.cli.train.EvaluateCommand;
import ernie4j.cli.train.TrainCommand;
import ernie4j.zoo.download.ModelRegistry;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The {@code ernie4j} program. Exit codes: 0 done, 1 failed, 2 wrong usage. */
@Command(
    name = "ernie4j",
    description = "ERNIE 3.0 Tiny and BERT encoders in pure Java.",
    mixinStandardHelpOptions = true,
    version = "ernie4j 0.1.0-SNAPSHOT",
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0:done", "1:failed; the reason is on standard error", "2:wrong usage"},
    footerHeading = "For example:%n",
    footer = {
      "  ernie4j parse 来一首周华健的花心",
      "  ernie4j inspect --tensors",
      "  ernie4j train slu --help"
    })
public final class Main implements Program {
  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      description = "Print the stack trace of an error.")
  boolean stackTrace;

  private static final Map<String, Class<?>> SUBCOMMANDS = new LinkedHashMap<>();

  static {
    SUBCOMMANDS.put("parse", ParseCommand.class);
    SUBCOMMANDS.put("classify", ClassifyCommand.class);
    SUBCOMMANDS.put("multi-label", MultiLabelCommand.class);
    SUBCOMMANDS.put("score", ScoreCommand.class);
    SUBCOMMANDS.put("tag", TagCommand.class);
    SUBCOMMANDS.put("extract", ExtractCommand.class);
    SUBCOMMANDS.put("answer", AnswerCommand.class);
    SUBCOMMANDS.put("fill-mask", FillMaskCommand.class);
    SUBCOMMANDS.put("embed", EmbedCommand.class);
    SUBCOMMANDS.put("tokenize", TokenizeCommand.class);
    SUBCOMMANDS.put("models", ModelsCommand.class);
    SUBCOMMANDS.put("pull", PullCommand.class);
    SUBCOMMANDS.put("convert", ConvertCommand.class);
    SUBCOMMANDS.put("export", ExportCommand.class);
    SUBCOMMANDS.put("inspect", InspectCommand.class);
    SUBCOMMANDS.put("convert-annotations", ConvertAnnotationsCommand.class);
    SUBCOMMANDS.put("train", TrainCommand.class);
    SUBCOMMANDS.put("distill", DistillCommand.class);
    SUBCOMMANDS.put("prune-embeddings", PruneEmbeddingsCommand.class);
    SUBCOMMANDS.put("compress", CompressCommand.class);
    SUBCOMMANDS.put("reproduce", ReproduceCommand.class);
    SUBCOMMANDS.put("evaluate", EvaluateCommand.class);
    SUBCOMMANDS.put("predict", PredictCommand.class);
    SUBCOMMANDS.put("help", CommandLine.HelpCommand.class);
  }

  Main() {}

  /** Runs a command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    // Texts are UTF-8 whatever the locale says; file names are the JVM's business.
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    int code =
        run(
            new PrintWriter(out, false, StandardCharsets.UTF_8),
            new PrintWriter(err, true, StandardCharsets.UTF_8),
            args);
    System.exit(code);
  }

  @Override
  public int execute(PrintWriter out, PrintWriter err, String... words) {
    return run(out, err, words);
  }

  /** Runs a command with the given streams and returns its exit code. */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    Main main = new Main();
    CommandLine commandLine =
        commandLine(main, args)
            .setOut(out)
            .setErr(err)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionExceptionHandler(
                (e, command, result) -> {
                  err.println("ernie4j: " + sentence(e));
                  if (main.stackTrace) {
                    e.printStackTrace(err);
                  }
                  return e instanceof UsageException ? 2 : 1;
                });
    int code = commandLine.execute(args);
    out.flush();
    err.flush();
    return code;
  }

  /**
   * The command line with its subcommands. If the first argument names one, then only that one:
   * looking through the options of all takes a third of a short start.
   */
  static CommandLine commandLine(Main main, String... args) {
    CommandLine commandLine = new CommandLine(main);
    commandLine.getCommandSpec().preprocessor(new OldNames());
    Class<?> only = args.length == 0 || args[0].equals("help") ? null : SUBCOMMANDS.get(args[0]);
    if (only != null) {
      return commandLine.addSubcommand(args[0], subcommand(only));
    }
    if (args.length != 1 || !args[0].equals("--version")) {
      SUBCOMMANDS.forEach((name, type) -> commandLine.addSubcommand(name, subcommand(type)));
    }
    return commandLine;
  }

  /** A text may begin with a minus sign; {@link Texts} refuses what looks like an option. */
  private static CommandLine subcommand(Class<?> type) {
    CommandLine subcommand = new CommandLine(type);
    boolean texts =
        subcommand.getCommandSpec().positionalParameters().stream()
            .anyMatch(parameter -> parameter.paramLabel().equals(Texts.LABEL));
    return subcommand.setUnmatchedOptionsArePositionalParams(texts);
  }

  /** One sentence for a user, also where the JDK's message is only a file name. */
  private static String sentence(Exception e) {
    if (e instanceof NoSuchFileException missing) {
      String name = missing.getFile();
      boolean published =
          ModelRegistry.standard().models().stream().anyMatch(m -> m.names().contains(name));
      return name
          + ": there is no such file"
          + (published
              ? ", and the model of this name is not here; run 'ernie4j pull " + name + "'"
              : "");
    }
    String message = Optional.ofNullable(e.getMessage()).orElse("");
    return e instanceof IOException || (e instanceof RuntimeException && !message.isEmpty())
        ? message
        : e.getClass().getSimpleName() + ": " + message;
  }
}
