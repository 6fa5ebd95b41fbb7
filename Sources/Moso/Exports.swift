// What `import Moso` brings along: the types that its own functions take and return, so that one import is enough.

@_exported public import MosoConversation
@_exported public import MosoEngine
@_exported public import MosoHub
@_exported public import MosoModel
@_exported public import MosoTensor
@_exported public import MosoTokenizers
