package ernie4j.cli.ask;

import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.cli.option.ModelPath;
import ernie4j.cli.option.Range;
import ernie4j.cli.report.Json;
import ernie4j.pipeline.QuestionAnswerer;
import ernie4j.pipeline.json.ResultJson;
import ernie4j.training.data.Utf8Text;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "answer",
    description = "Find the answer to each question (TEXT) in a context.",
    mixinStandardHelpOptions = true)
public final class AnswerCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      required = true,
      converter = ModelPath.class,
      description = "A question answering model: a file, or the name of a pulled one.")
  Path model;

  /** The text in which answers are searched. */
  static final class Context {
    @Option(
        names = "--context",
        paramLabel = "TEXT",
        description = "The text in which to look for answers.")
    @Nullable String text;

    @Option(
        names = "--context-file",
        paramLabel = "FILE",
        description = "A UTF-8 file whose whole content is the context.")
    @Nullable Path file;

    String read() throws IOException {
      return file == null ? String.valueOf(text) : Utf8Text.read(file);
    }
  }

  @ArgGroup(exclusive = true, multiplicity = "1")
  Context context = new Context();

  @Option(
      names = "--best",
      converter = Range.Count.class,
      defaultValue = "1",
      description = "Number of answers (default: 1).")
  int best;

  @Option(
      names = "--max-answer-length",
      converter = Range.Count.class,
      paramLabel = "TOKENS",
      defaultValue = "50",
      description = "The most tokens in an answer (default: ${DEFAULT-VALUE}).")
  int maxAnswerLength;

  @Option(
      names = "--no-answer",
      converter = Range.Finite.class,
      paramLabel = "THRESHOLD",
      description =
          "For models that were trained with unanswerable questions: give no answer if [CLS] scores higher than the best answer by more than this, usually 0.")
  @Nullable Double noAnswer;

  @Mixin LongTextFlags flags;

  @Option(
      names = "--stride",
      converter = Range.Count.class,
      paramLabel = "TOKENS",
      description =
          "Tokens from the start of one window to the next (default: half of the context in a window).")
  @Nullable Integer stride;

  @Mixin Texts texts;

  @Override
  public Integer call() throws IOException {
    texts.requireOneSource();
    QuestionAnswerer reader = reader();
    String searched = context.read();
    PrintWriter out = spec.commandLine().getOut();
    return texts.forEach(
        question -> {
          QuestionAnswerer.Result result = reader.answer(question, searched);
          if (texts.json) {
            out.println(toJson(question, result));
          } else {
            print(question, result, out);
          }
          texts.warnIfCut(result.truncated());
        });
  }

  private QuestionAnswerer reader() throws IOException {
    QuestionAnswerer reader =
        QuestionAnswerer.load(model)
            .withLongText(flags.longText)
            .withBest(best)
            .withMaxAnswerLength(maxAnswerLength);
    reader = flags.maxLength == null ? reader : reader.withMaxLength(flags.maxLength);
    reader = stride == null ? reader : reader.withStride(stride);
    return noAnswer == null ? reader : reader.withNoAnswer(noAnswer);
  }

  private static void print(String question, QuestionAnswerer.Result result, PrintWriter out) {
    out.println(question);
    if (result.answers().isEmpty()) {
      out.printf(Locale.ROOT, "  (no answer)  (%.4f)%n", result.noAnswerProbability());
    }
    for (QuestionAnswerer.Answer a : result.answers()) {
      out.printf(
          Locale.ROOT,
          "  %s  [%d,%d]  (%.4f)%n",
          a.text(),
          a.start(),
          a.end() - 1,
          a.probability());
    }
  }

  private static ObjectNode toJson(String question, QuestionAnswerer.Result result) {
    ObjectNode object = Json.object();
    object.put("question", question);
    ResultJson.add(object, result);
    return object;
  }
}
