package ernie4j.zoo.paddle;

import ernie4j.engine.ParameterNames;
import ernie4j.engine.file.AtomicFile;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFileException;
import ernie4j.engine.head.Task;
import ernie4j.zoo.conversion.BinaryOutput;
import ernie4j.zoo.conversion.EncoderAssembly;
import ernie4j.zoo.conversion.FileBytes;
import ernie4j.zoo.conversion.GivenConfig;
import ernie4j.zoo.conversion.ImportedEncoder;
import ernie4j.zoo.conversion.PlainModel;
import ernie4j.zoo.conversion.SourceTensor;
import ernie4j.zoo.pickle.NumpyGlobals;
import ernie4j.zoo.pickle.PickleWriter;
import ernie4j.zoo.pickle.Unpickler;
import ernie4j.zoo.protobuf.ProtoMessage;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An inference model of Paddle: a program ({@code .pdmodel}), its parameters beside it ({@code
 * .pdiparams}), and maybe their structured names ({@code .pdiparams.info}).
 */
public final class PaddleInference {
  private static final String PROGRAM = ".pdmodel";
  private static final String PARAMETERS = ".pdiparams";
  private static final String INFO = ".pdiparams.info";

  private PaddleInference() {}

  /** An encoder and the task of its head, as far as the program tells. */
  record Read(ImportedEncoder encoder, Task task) {}

  /** The file beside a program with another ending. */
  static Path beside(Path program, String ending) {
    String name = program.getFileName().toString();
    String stem =
        name.endsWith(PROGRAM) ? name.substring(0, name.length() - PROGRAM.length()) : name;
    return program.resolveSibling(stem + ending);
  }

  /**
   * Reads the encoder of a program.
   *
   * @throws ModelFileException if a file is missing or damaged, or the program is not that of an
   *     encoder
   */
  static Read read(Path programFile) throws IOException {
    PaddleProgram program = PaddleProgram.read(programFile);
    Path values = beside(programFile, PARAMETERS);
    if (!Files.isRegularFile(values)) {
      throw new ModelFileException(
          programFile.toString(), "the parameters should be in %s".formatted(values));
    }
    try (FileBytes file = FileBytes.open(values)) {
      Map<String, SourceTensor> tensors = TensorStreams.read(file, program.persistable());
      return assemble(program, tensors, beside(programFile, INFO));
    }
  }

  private static Read assemble(PaddleProgram program, Map<String, SourceTensor> tensors, Path info)
      throws IOException {
    ProgramGraph graph = new ProgramGraph(program);
    Map<String, SourceTensor> named = structured(info, tensors);
    Task task = Task.ENCODER;
    if (!named.containsKey(ParameterNames.WORD_EMBEDDINGS)) {
      ProgramParameters.Named found = ProgramParameters.name(graph, tensors);
      named = found.tensors();
      task = found.task();
    }
    SourceTensor words = named.get(ParameterNames.WORD_EMBEDDINGS);
    int hidden = words == null || words.shape().length != 2 ? 0 : words.shape()[1];
    GivenConfig given = ProgramConfig.read(program.file(), graph, hidden);
    return new Read(EncoderAssembly.assemble(program.file(), named, given), task);
  }

  /** The tensors under the names of the info file; empty if there is none or it lacks some. */
  private static Map<String, SourceTensor> structured(Path info, Map<String, SourceTensor> tensors)
      throws IOException {
    Map<String, SourceTensor> named = new LinkedHashMap<>();
    if (!Files.isRegularFile(info)) {
      return named;
    }
    try (FileBytes file = FileBytes.open(info)) {
      if (!(Unpickler.read(file, NumpyGlobals.table()) instanceof Map<?, ?> entries)) {
        throw new ModelFileException(info.toString(), "expected a dict of variables");
      }
      for (Map.Entry<String, SourceTensor> entry : tensors.entrySet()) {
        if (!(entries.get(entry.getKey()) instanceof Map<?, ?> details)
            || !(details.get("structured_name") instanceof String name)
            || named.put(name, entry.getValue()) != null) {
          return new LinkedHashMap<>();
        }
      }
    }
    return named;
  }

  /**
   * Writes a model so that Paddle Inference runs it: {@code program}, which should end in {@code
   * .pdmodel}, the parameters beside it as {@code .pdiparams}, and their structured names as {@code
   * .pdiparams.info}.
   *
   * <p>Inputs are {@code input_ids} and {@code token_type_ids}, int64 {@code [batch, length]};
   * padding is what has the padding id. Outputs, in this order, as far as the model has them: the
   * logits of its task ({@code [batch, intents]} and {@code [batch, length, slots]} for a joint
   * model; for information extraction the probabilities {@code [batch, length]} of starts and
   * ends), the hidden states {@code [batch, length, hidden]}, and the pooler's {@code [batch,
   * hidden]}.
   *
   * @return what is not as in the model, in full sentences
   * @throws IllegalArgumentException if the model lacks a parameter of its task
   * @throws IOException if a file cannot be written
   */
  public static List<String> write(Model model, Path program) throws IOException {
    List<String> notes = new ArrayList<>();
    Model floats = PlainModel.floats(model, notes);
    ErnieProgram ernie = new ErnieProgram(floats);
    Map<String, Object> info = new LinkedHashMap<>();
    ernie
        .structuredNames()
        .forEach(
            (name, structured) ->
                info.put(
                    name,
                    Map.of(
                        "structured_name", structured, "stop_gradient", false, "trainable", true)));
    AtomicFile.write(
        beside(program, PARAMETERS),
        channel -> {
          BinaryOutput out = new BinaryOutput(channel);
          for (String structured : ernie.structuredNames().values()) {
            TensorStreams.write(out, floats.parameters().get(structured));
          }
          out.flush();
        });
    AtomicFile.write(beside(program, INFO), channel -> PickleWriter.write(channel, info));
    ProtoMessage message = ernie.program().program();
    AtomicFile.write(
        program,
        channel -> {
          OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel));
          message.writeTo(out);
          out.flush();
        });
    return notes;
  }
}
