package ernie4j.zoo.download;

/** Receives the progress of a download, in the thread that started it. */
public interface DownloadListener {
  /** Ignores all reports. */
  DownloadListener NONE =
      new DownloadListener() {
        @Override
        public void received(String file, long bytes, long total) {}

        @Override
        public void note(String message) {}
      };

  /**
   * Reports progress; called now and then while a file arrives.
   *
   * @param file the name of the file
   * @param bytes how many of its bytes have arrived, those of earlier attempts included
   * @param total the size of the file in bytes, or -1 if the server does not say
   */
  void received(String file, long bytes, long total);

  /**
   * Reports something that a user should know, for example that an attempt failed and another
   * follows.
   *
   * @param message a full sentence
   */
  void note(String message);
}
