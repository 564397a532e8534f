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
import ernie4j.cli.report.StopOnSignal;
import ernie4j.cli.reproduce.Program;
import ernie4j.cli.reproduce.ReproduceCommand;
import ernie4j.cli.serve.ServeCommand;
import ernie4j.cli.train.CalibrateCommand;
import ernie4j.cli.train.ConvertAnnotationsCommand;
import ernie4j.cli.train.DistillCommand;
import ernie4j.cli.train.EvaluateCommand;
import ernie4j.cli.train.SplitDialoguesCommand;
import ernie4j.cli.train.TrainCommand;
import ernie4j.engine.file.FileFailure;
import ernie4j.zoo.download.ModelRegistry;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * The {@code ernie4j} program. Exit codes: 0 done, 1 failed, 2 wrong usage, above 128 ended by a
 * signal.
 */
@Command(
    name = Main.NAME,
    description = "ERNIE 3.0 Tiny and BERT encoders in pure Java.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed; the reason is on standard error",
      "2:wrong usage",
      "130, 143:stopped by a signal; a training has written its checkpoint",
      "141:the reader of standard output was closed"
    },
    footerHeading = "For example:%n",
    footer = {
      "  ernie4j parse 来一首周华健的花心",
      "  ernie4j inspect --tensors",
      "  ernie4j train slu --help"
    })
public final class Main implements Program {
  static final String NAME = "ernie4j";

  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      description = "Print the stack trace of an error.")
  boolean stackTrace;

  @Option(
      names = "--quiet",
      scope = ScopeType.INHERIT,
      description = "Only results, warnings and errors: no progress, no notes.")
  boolean quiet;

  private static final String RESUME = "--resume";

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
    SUBCOMMANDS.put("serve", ServeCommand.class);
    SUBCOMMANDS.put("models", ModelsCommand.class);
    SUBCOMMANDS.put("pull", PullCommand.class);
    SUBCOMMANDS.put("convert", ConvertCommand.class);
    SUBCOMMANDS.put("export", ExportCommand.class);
    SUBCOMMANDS.put("inspect", InspectCommand.class);
    SUBCOMMANDS.put("convert-annotations", ConvertAnnotationsCommand.class);
    SUBCOMMANDS.put("split-dialogues", SplitDialoguesCommand.class);
    SUBCOMMANDS.put("train", TrainCommand.class);
    SUBCOMMANDS.put("distill", DistillCommand.class);
    SUBCOMMANDS.put("prune-embeddings", PruneEmbeddingsCommand.class);
    SUBCOMMANDS.put("compress", CompressCommand.class);
    SUBCOMMANDS.put("reproduce", ReproduceCommand.class);
    SUBCOMMANDS.put("evaluate", EvaluateCommand.class);
    SUBCOMMANDS.put("calibrate", CalibrateCommand.class);
    SUBCOMMANDS.put("predict", PredictCommand.class);
    SUBCOMMANDS.put("completion", CompletionCommand.class);
    SUBCOMMANDS.put("help", CommandLine.HelpCommand.class);
  }

  Main() {}

  /** Runs a command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    // Texts are UTF-8 whatever the locale; file names are left to the JVM.
    PrintWriter out = StandardOutput.writer(new FileOutputStream(FileDescriptor.out));
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    StopOnSignal.install(err, () -> resuming(args));
    System.exit(run(out, err, args));
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
            .setExecutionStrategy(
                result -> {
                  if (main.quiet) {
                    CommandLine root = result.commandSpec().commandLine();
                    root.setErr(new PrintWriter(new QuietWriter(err), true));
                  }
                  try {
                    return new CommandLine.RunLast().execute(result);
                  } catch (StandardOutput.Failure failure) {
                    return failure.report(err); // of a help text
                  }
                })
            .setExecutionExceptionHandler(
                (e, command, result) -> {
                  if (e instanceof StandardOutput.Failure failure) {
                    return failure.report(err);
                  }
                  if (e instanceof CancellationException) {
                    return STOPPED; // the meaning of the signal is explained there
                  }
                  err.println(QuietWriter.PREFIX + sentence(e));
                  if (main.stackTrace) {
                    e.printStackTrace(err);
                  }
                  return e instanceof UsageException ? 2 : 1;
                });
    int code;
    try {
      code = commandLine.execute(args);
      out.flush();
    } catch (StandardOutput.Failure failure) {
      code = failure.report(err);
    }
    err.flush();
    return code;
  }

  /** The command line that continues a training started by another one. */
  static List<String> resuming(String... args) {
    List<String> words = new ArrayList<>(List.of(args));
    CommandLine command = commandLine(new Main(), args);
    for (String word : args) {
      command = command.getSubcommands().getOrDefault(word, command);
    }
    if (command.getCommandSpec().findOption(RESUME) != null && !words.contains(RESUME)) {
      words.add(RESUME);
    }
    return words;
  }

  /**
   * The command line with its subcommands. If the first argument names one, only that one is added,
   * because inspecting the options of all of them takes a third of a short start-up.
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

  /** A text may begin with a minus sign; {@link Texts} rejects what looks like an option. */
  private static CommandLine subcommand(Class<?> type) {
    CommandLine subcommand = new CommandLine(type);
    boolean texts =
        subcommand.getCommandSpec().positionalParameters().stream()
            .anyMatch(parameter -> parameter.paramLabel().equals(Texts.LABEL));
    return subcommand.setUnmatchedOptionsArePositionalParams(texts);
  }

  /** One sentence for the user, even if the JDK's message is only a file name. */
  private static String sentence(Exception e) {
    if (e instanceof UncheckedIOException unchecked) {
      return sentence(Objects.requireNonNull(unchecked.getCause()));
    }
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
    if (e instanceof IOException failure) {
      return FileFailure.sentence(failure);
    }
    String message = Optional.ofNullable(e.getMessage()).orElse("");
    return e instanceof RuntimeException && !message.isEmpty()
        ? message
        : e.getClass().getSimpleName() + ": " + message;
  }
}
