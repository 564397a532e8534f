package ernie4j.zoo.download;

import ernie4j.engine.head.HeadOptions;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A published model and where its files are.
 *
 * @param name its name
 * @param aliases other names
 * @param kind what its files are
 * @param architecture its shape by name, see {@link ernie4j.zoo.Architectures}; empty if its own
 *     files tell
 * @param parameters how many it has, pooler included
 * @param licence under which its weights are published
 * @param lowerCase whether its tokenizer lower-cases texts; empty if only its own files tell
 * @param origin where these addresses were found
 * @param options of the model where its files do not say them, see {@link
 *     ernie4j.engine.head.HeadOptions}
 * @param files its files
 */
public record KnownModel(
    String name,
    List<String> aliases,
    Kind kind,
    Optional<String> architecture,
    long parameters,
    String licence,
    Optional<Boolean> lowerCase,
    String origin,
    Map<String, String> options,
    List<SourceFile> files) {

  /** Keeps unmodifiable copies. */
  public KnownModel {
    options = Map.copyOf(options);
    aliases = List.copyOf(aliases);
    files = List.copyOf(files);
  }

  /** What the files of a model are. */
  public enum Kind {
    /** Weights and vocabulary of PaddleNLP; the configuration is known by name. */
    PADDLENLP,
    /** A folder with its own configuration, as of Hugging Face. */
    HUGGINGFACE,
    /** One archive. */
    ARCHIVE
  }

  /**
   * A file of a model.
   *
   * @param as its name on this machine
   * @param url its official address
   * @param sha256 the hash of its content; empty if nobody could verify one yet
   * @param md5 the MD5 sum that its publisher states; empty if none is known. It tells a damaged
   *     file, but not one that was forged
   */
  public record SourceFile(String as, URI url, Optional<String> sha256, Optional<String> md5) {
    /**
     * What a download is compared with, {@code sha256:...} or {@code md5:...}; empty if nothing is.
     */
    public Optional<String> pin() {
      return sha256.map(hash -> "sha256:" + hash).or(() -> md5.map(sum -> "md5:" + sum));
    }
  }

  /**
   * The bytes of its weights in float32, of which its model file consists but for a few kilobytes.
   */
  public long weightBytes() {
    return parameters * Float.BYTES;
  }

  /**
   * How it makes a vector of a text, for example {@code cls}; empty if it was not trained for that.
   */
  public Optional<String> pooling() {
    return Optional.ofNullable(options.get(HeadOptions.POOLING));
  }

  /** All names, the proper one first. */
  public List<String> names() {
    List<String> names = new ArrayList<>(List.of(name));
    names.addAll(aliases);
    return names;
  }
}
